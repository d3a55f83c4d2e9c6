@tool
extends RefCounted
## The frames of positions that are on their way, until the server says what came of them.

const Failures = preload("../core/failures.gd")
const Request = preload("../core/request.gd")
const Wire = preload("../core/wire.gd")

## Milliseconds to wait for the answer to one.
const PATIENCE_MS: int = 10_000

var _serial: int = 0
var _waiting: Dictionary[String, Request] = {}
# In the order of sending.
var _deadlines: Dictionary[String, int] = {}


## A name for the next frame, whose answer ends [param request].
func expect(request: Request) -> String:
	_serial += 1
	var id: String = "p%d" % _serial
	_waiting[id] = request
	_deadlines[id] = Time.get_ticks_msec() + PATIENCE_MS
	return id


## An answer came; one that nobody waits for is dropped.
func settle(frame: Dictionary) -> void:
	var request: Request = _take(Wire.text(frame.get("id")))
	if request == null:
		return
	if frame.get("ok") == true:
		request.succeed(Wire.object(frame.get("result")))
	else:
		request.fail(Failures.from_ack(Wire.object(frame.get("error"))))


## One frame could not be sent.
func forget(id: String) -> void:
	_fail(id, Failures.unreachable("the event stream has no room", false))


## The connection is lost: no answer will come any more.
func lose() -> void:
	for id: String in _waiting.keys():
		_fail(id, Failures.unreachable("the event stream was lost", true))


## Gives up those whose answer does not come.
func poll() -> void:
	var now: int = Time.get_ticks_msec()
	while not _deadlines.is_empty():
		var oldest: String = _deadlines.keys()[0]
		if now < _deadlines[oldest]:
			return
		_fail(oldest, Failures.unanswered_positions(PATIENCE_MS / 1000.0))


func _fail(id: String, error: AgentVMError) -> void:
	var request: Request = _take(id)
	if request != null:
		request.fail(error)


func _take(id: String) -> Request:
	if not _waiting.has(id):
		return null
	var request: Request = _waiting[id]
	_waiting.erase(id)
	_deadlines.erase(id)
	return request
