extends "res://suite.gd"
## Numbers that a server tells, taken for no more than they can be.

const RetryAfter = preload("res://addons/agentvm/native/retry_after.gd")
const Wire = preload("res://addons/agentvm/core/wire.gd")

const NOON: String = "Sun, 06 Nov 1994 12:00:00 GMT"


## A wait is read as seconds, or as a date by the server's own clock, and is a day at the most.
func test_retry_after() -> void:
	for row: Array in [
		["3", "", 3_000],
		["0.5", "", 500],
		["-5", "", 0],
		["1e300", "", 86_400_000],
		["Sun, 06 Nov 1994 12:00:07 GMT", NOON, 7_000],
		["Mon, 07 Nov 1994 00:00:00 GMT", NOON, 43_200_000],
		["Sun, 06 Nov 1994 11:59:00 GMT", NOON, 0],
		["Fri, 31 Dec 9999 23:59:59 GMT", NOON, 86_400_000],
		["Fri, 31 Dec 9999 23:59:59 GMT", "", 86_400_000],
		["Sun, 06 Nov 1994 12:00:07 GMT", "", 0],
		["Sun, 06 Foo 1994 12:00:07 GMT", NOON, 0],
		["Sun, 06 Nov 1994 99:99:99 GMT", NOON, 0],
		["soon", NOON, 0],
		["", "", 0],
	]:
		var value: String = row[0]
		var date: String = row[1]
		expect_equal(RetryAfter.read(value, date), row[2], "Retry-After: %s, Date: %s" % [value, date])


## A number that no integer holds is a large one, and not any.
func test_large_numbers() -> void:
	expect_equal(Wire.integer(1e300), Wire.INTEGER_END, "large")
	expect_equal(Wire.integer(-1e300), -Wire.INTEGER_END, "small")


## A list whose next page is itself is read once more, and not without end.
func test_page_that_names_itself() -> void:
	var agents: AgentVMManager = manager()
	expect(await agents.connect_to_api(scripted("pages"), "key"), "connected: %s" % agents.last_error)
	expect_equal((await agents.list_agents()).size(), 2, "agents")
