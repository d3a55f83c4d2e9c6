@tool
extends RefCounted
## What the calls of the first plugin need: task ids that are given out before the server has one, and a word on what
## replaces the calls.

const Mirror = preload("mirror.gd")

## Beginnings of signals whose first value is the id of a task.
const ABOUT_TASKS: Array[String] = ["task_", "question_", "work_"]

# Ids that were given out, by the server's id and the other way.
var _given: Dictionary[String, String] = {}
var _known: Dictionary[String, String] = {}
var _serial: int = 0
var _warned: Dictionary[String, bool] = {}


## Says once that a call is deprecated.
func warn(old: String, new: String) -> void:
	if not _warned.has(old):
		_warned[old] = true
		push_warning("AgentVMManager: %s is deprecated; use %s." % [old, new])


## An id for a task that the server does not have yet.
func new_id() -> String:
	_serial += 1
	return "run_%d" % _serial


## The task with that id has one of the server's now.
func remember(id: String, task_id: String) -> void:
	if _given.size() >= Mirror.TASKS_MAX:
		var oldest: String = _given.keys()[0]
		_known.erase(_given[oldest])
		_given.erase(oldest)
	_given[task_id] = id
	_known[id] = task_id


## The id that the game knows the server's task by.
func shown_id(task_id: String) -> String:
	return _given[task_id] if _given.has(task_id) else task_id


## The server's id of a task that the game names.
func server_id(task_id: String) -> String:
	return _known[task_id] if _known.has(task_id) else task_id


## What announces a task, with the id that the game knows it by.
func translated(announcement: Array) -> Array:
	if not _given.is_empty():
		var name: String = announcement[0]
		if ABOUT_TASKS.any(func(beginning: String) -> bool: return name.begins_with(beginning)):
			announcement[1] = shown_id(announcement[1])
	return announcement


## The options of a task that [code]run_agent[/code] gives.
static func options(type: String, timeout: int, repo_path: String) -> Dictionary:
	var found: Dictionary = {"preferred_type": type}
	if timeout > 0:
		found["timeout"] = timeout
	if not repo_path.is_empty():
		found["metadata"] = {"repo_path": repo_path}
	return found
