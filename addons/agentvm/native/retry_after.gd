@tool
extends RefCounted
## Reads how long a server asks to wait before the next try.

## Milliseconds for which a server can ask to be left alone at the most: a day.
const MAX_MS: float = 86_400_000.0
const MONTHS: Array[String] = [
	"Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"
]


## What a header [code]Retry-After[/code] says, in milliseconds: seconds, or a date, which is read against the server's own
## header [code]Date[/code], since this machine's clock may be hours off. 0 where it says nothing.
static func read(value: String, date: String) -> int:
	if value.is_valid_float():
		return int(clampf(value.to_float() * 1000.0, 0.0, MAX_MS))
	var until: int = _read_date(value)
	var here: int = _read_date(date)
	if until < 0:
		return 0
	var now: float = float(here) if here >= 0 else Time.get_unix_time_from_system()
	return int(clampf((until - now) * 1000.0, 0.0, MAX_MS))


## Seconds since 1970 of a date as HTTP writes it, [code]Sun, 06 Nov 1994 08:49:37 GMT[/code]; below 0 for anything else.
static func _read_date(text: String) -> int:
	var parts: PackedStringArray = text.split(" ", false)
	if parts.size() != 6 or parts[5] != "GMT":
		return -1
	var clock: PackedStringArray = parts[4].split(":")
	var month: int = MONTHS.find(parts[2]) + 1
	if month == 0 or clock.size() != 3:
		return -1
	var stamp: String = "%s-%02d-%sT%s" % [parts[3], month, parts[1], parts[4]]
	return Time.get_unix_time_from_datetime_string(stamp) if _is_stamp(stamp) else -1


static func _is_stamp(text: String) -> bool:
	var pattern: RegEx = RegEx.create_from_string("^\\d{4}-\\d\\d-([0-2]\\d|3[01])T([01]\\d|2[0-3])(:[0-5]\\d){2}$")
	return pattern.search(text) != null
