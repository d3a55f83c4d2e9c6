@tool
extends RefCounted
## Who waits for tasks to be over.

const Failures = preload("failures.gd")
const Mirror = preload("mirror.gd")
const Request = preload("request.gd")

## Waits at the same time at the most, of all tasks together.
const WAITS_MAX: int = 10_000

var _mirror: Mirror = null
var _waiting: Dictionary[String, Array] = {}
var _count: int = 0


## Looks into [param mirror] whether a task is over.
func _init(mirror: Mirror = null) -> void:
	_mirror = mirror


## What ends when the task is over: at once when it is. It has failed already past the bound.
func wait_for(task_id: String) -> Request:
	var wait: Request = Request.new()
	if _mirror.is_over(task_id):
		wait.succeed(_mirror.tasks[task_id])
	elif _count >= WAITS_MAX:
		wait.fail(Failures.too_many(WAITS_MAX))
	else:
		if not _waiting.has(task_id):
			_waiting[task_id] = []
		_waiting[task_id].append(wait)
		_count += 1
	return wait


## The tasks that are waited for.
func task_ids() -> Array[String]:
	return _waiting.keys()


## Lets go on who waits for this task, if it is over.
func settle(task_id: String) -> void:
	if _waiting.has(task_id) and _mirror.is_over(task_id):
		for wait: Request in _take(task_id):
			wait.succeed(_mirror.tasks.get(task_id, {}))


## Tells those who wait for this task that its end cannot be known.
func fail(task_id: String, reason: AgentVMError) -> void:
	for wait: Request in _take(task_id):
		wait.fail(Failures.again(reason))


## Tells the same to everybody.
func fail_all(reason: AgentVMError) -> void:
	for task_id: String in task_ids():
		fail(task_id, reason)


func _take(task_id: String) -> Array:
	var waits: Array = _waiting.get(task_id, [])
	_waiting.erase(task_id)
	_count -= waits.size()
	return waits
