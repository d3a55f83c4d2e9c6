@tool
extends RefCounted
## Waits that end when their time has come, or all at once when the transport closes.

## One wait.
class Wait:
	extends RefCounted
	## The wait is over.
	signal ended
	## When it ends, in milliseconds of the engine's ticks.
	var until: int = 0

var _waits: Array[Wait] = []


## A wait of [param delay_ms] milliseconds: await its [signal Wait.ended].
func start(delay_ms: int) -> Wait:
	var wait: Wait = Wait.new()
	wait.until = Time.get_ticks_msec() + delay_ms
	_waits.append(wait)
	return wait


## Ends the waits whose time has come.
func poll() -> void:
	var now: int = Time.get_ticks_msec()
	for wait: Wait in _waits.duplicate():
		if now >= wait.until:
			_waits.erase(wait)
			wait.ended.emit()


## Ends every wait.
func close() -> void:
	var waits: Array[Wait] = _waits.duplicate()
	_waits.clear()
	for wait: Wait in waits:
		wait.ended.emit()
