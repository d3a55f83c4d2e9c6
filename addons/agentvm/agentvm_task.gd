class_name AgentVMTask
extends RefCounted
## A task of an [AgentVMManager]: what is known of it, and what can be done with it.
##
## [codeblock]
## var task: AgentVMTask = await AgentVM.as_agent(agent_id).assign("Fix the jump", "debugging")
## if task != null and await task.finished():
##     print(task.output)
##     print(await task.get_diff())
##     await task.accept()
## [/codeblock]
## Nothing is kept here but the id: each field is what the manager knows at that moment, and empty once that is freed.
## The calls are those of the manager and fail as they do.

const Mirror = preload("core/mirror.gd")
const Wire = preload("core/wire.gd")

## The task's id.
var id: String = ""
## The agent that has it; empty while none has.
var agent_id: String:
	get:
		return Wire.text(_field("agent_id"))
## What is to be done.
var prompt: String:
	get:
		return Wire.text(_field("prompt"))
## How it stands: [code]pending, assigned, running, completed, failed[/code] or [code]cancelled[/code], and empty while
## nothing is known of it.
var status: String:
	get:
		return Wire.text(_field("status"))
## How far it is, from 0 to 1.
var progress: float:
	get:
		return Wire.number(_field("progress"))
## What it is at.
var message: String:
	get:
		return Wire.text(_field("message"))
## Which try of it this is, from 1 on; 0 where the server does not say.
var attempt: int:
	get:
		return Wire.integer(_field("attempt"))
## What is asked of the player now, as [signal AgentVMManager.question_asked] tells it; empty while nothing is.
var question: Dictionary:
	get:
		return Wire.object(_field("question")).duplicate(true)
## What it has changed: [code]branch, base, commit, files, insertions, deletions, review[/code]; empty for nothing.
var changes: Dictionary:
	get:
		return Wire.object(_field("changes")).duplicate(true)
## What it has used: [code]input_tokens, output_tokens, cost_usd, model[/code]; empty where nobody says.
var usage: Dictionary:
	get:
		return Wire.object(_field("usage")).duplicate(true)
## The task whose conversation it goes on with; empty for none.
var continues: String:
	get:
		return Wire.text(_field("continues"))
## What it has written, once it is over.
var output: String:
	get:
		return Wire.text(Wire.object(_field("result")).get("output"))
## Why it failed; empty where it did not.
var error: String:
	get:
		return Wire.text(Wire.object(Wire.object(_field("result")).get("error")).get("message"))

var _manager: AgentVMManager = null


## [method AgentVMManager.as_task] makes them.
func _init(manager: AgentVMManager = null, task_id: String = "") -> void:
	_manager = manager
	id = task_id


## Waits until the task is over, and returns whether it was completed: at once when it is over already, and false where
## its end cannot be known, since the manager was freed, disconnected, or knows no such task.
func finished() -> bool:
	if not is_instance_valid(_manager):
		return false
	return Wire.text((await _manager.wait_for_task(id)).get("status")) == "completed"


## Whether it is over, as far as is known.
func is_over() -> bool:
	return Mirror.ENDINGS.has(status)


## Whether what it has changed waits for the player to accept or discard it.
func is_to_review() -> bool:
	return Wire.text(Wire.object(_field("changes")).get("review")) == "open"


## The agent that has it; null while none has.
func get_agent() -> AgentVMAgent:
	var of: String = agent_id
	return null if of.is_empty() else AgentVMAgent.new(_manager, of)


## Answers its open question: with the id of an option, or with words.
func answer(choice_or_text: String) -> bool:
	return is_instance_valid(_manager) and await _manager.answer_question(id, choice_or_text)


## What it has changed, as a unified diff.
func get_diff() -> String:
	return await _manager.get_diff(id) if is_instance_valid(_manager) else ""


## Takes in what it has changed.
func accept(why: String = "") -> bool:
	return is_instance_valid(_manager) and await _manager.accept_work(id, why)


## Throws away what it has changed.
func discard(why: String = "") -> bool:
	return is_instance_valid(_manager) and await _manager.discard_work(id, why)


## Calls it off.
func cancel(why: String = "") -> bool:
	return is_instance_valid(_manager) and await _manager.cancel_task(id, why)


## Gives a task that goes on with this one's conversation; null where it was not taken.
func go_on(next_prompt: String, task_type: String = "general", options: Dictionary = {}) -> AgentVMTask:
	if not is_instance_valid(_manager):
		return null
	var all: Dictionary = options.merged({"continues": id}, true)
	var next: String = await _manager.assign_task("", next_prompt, task_type, all)
	return null if next.is_empty() else AgentVMTask.new(_manager, next)


func _field(name: String) -> Variant:
	return _manager.get_known_task(id).get(name) if is_instance_valid(_manager) else null
