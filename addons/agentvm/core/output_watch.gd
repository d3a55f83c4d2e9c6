@tool
extends RefCounted
## Follows what tasks write while somebody watches: asks again and again for what is new of each.

## A task wrote something more.
signal written(task_id: String, text: String, stream: String)
## A task that was watched is over, and all that it wrote was told; or it cannot be read any more, and [param error] says
## why.
signal ended(task_id: String, error: AgentVMError)

const Failures = preload("failures.gd")
const Request = preload("request.gd")
const Wire = preload("wire.gd")

## Tasks that are watched at the same time at the most.
const WATCHED_MAX: int = 32
## Milliseconds between an answer and the next question.
const PAUSE_MS: int = 250
## Milliseconds to the next question after one that came to nothing, but may not the next time.
const LOST_MS: int = 2_000

var _ask: Callable
# By task: where to read on, and when; nothing while an answer is awaited.
var _offsets: Dictionary[String, int] = {}
var _due_ms: Dictionary[String, int] = {}


## [param ask] is [code]func(task_id: String, offset: int) -> Request[/code], a call that has ended.
func _init(ask: Callable = Callable()) -> void:
	_ask = ask


## Watches a task from what it wrote first. Returns why it cannot, or null; watching it already changes nothing.
func begin(task_id: String) -> AgentVMError:
	if _offsets.has(task_id):
		return null
	if not Wire.is_id(task_id):
		return Failures.invalid("task_id must be 1 to 64 of A-Z a-z 0-9 _ -.")
	if _offsets.size() >= WATCHED_MAX:
		return Failures.too_many(WATCHED_MAX)
	_offsets[task_id] = 0
	_due_ms[task_id] = 0
	return null


## Watches a task no more.
func end(task_id: String) -> void:
	_offsets.erase(task_id)
	_due_ms.erase(task_id)


## Watches nothing any more.
func clear() -> void:
	_offsets.clear()
	_due_ms.clear()


## Asks for what is due. Called once a frame while there is a connection.
func poll() -> void:
	if _due_ms.is_empty():
		return
	var now: int = Time.get_ticks_msec()
	for task_id: String in _due_ms.keys():
		if _due_ms.has(task_id) and now >= _due_ms[task_id]:
			_due_ms.erase(task_id)
			_read(task_id)


func _read(task_id: String) -> void:
	var offset: int = _offsets[task_id]
	var request: Request = await _ask.call(task_id, offset)
	# Meanwhile it may be watched no more, or anew.
	if not _offsets.has(task_id) or _offsets[task_id] != offset or _due_ms.has(task_id):
		return
	if request.error != null:
		if request.error.retryable:
			_due_ms[task_id] = Time.get_ticks_msec() + LOST_MS
		else:
			end(task_id)
			ended.emit(task_id, request.error)
		return
	var answer: Dictionary = request.fields()
	_offsets[task_id] = maxi(offset, Wire.integer(answer.get("next_offset"), offset))
	_due_ms[task_id] = Time.get_ticks_msec() + PAUSE_MS
	for line: Dictionary in Wire.objects(answer.get("lines")):
		written.emit(task_id, Wire.text(line.get("text")), Wire.text(line.get("stream")))
	if answer.get("done") == true and _offsets.has(task_id):
		end(task_id)
		ended.emit(task_id, null)
