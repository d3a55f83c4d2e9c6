class_name AgentVMAgent
extends RefCounted
## An agent of an [AgentVMManager]: what is known of it, and what can be done with it.
##
## [codeblock]
## var ada: AgentVMAgent = AgentVM.as_agent(await AgentVM.create_agent("aider", {"name": "Ada"}))
## var task: AgentVMTask = await ada.assign("Fix the jump")
## [/codeblock]
## Nothing is kept here but the id: each field is what the manager knows at that moment, and empty once that is freed.
## The calls are those of the manager and fail as they do.

const Wire = preload("core/wire.gd")

## The agent's id.
var id: String = ""
## The agent's name.
var name: String:
	get:
		return Wire.text(_field("name"))
## Its type, such as [code]aider[/code].
var type: String:
	get:
		return Wire.text(_field("type"))
## What it does: [code]idle, thinking, coding, speaking, moving, collaborating, waiting, error[/code], or what a later
## server calls it; empty while nothing is known of it.
var state: String:
	get:
		return Wire.text(_field("state"))
## Its colour.
var color: Color:
	get:
		return Color.from_string(Wire.text(_field("color")), Color.WHITE)
## Where it is.
var position: Vector3:
	get:
		return Wire.to_vector(_field("position"))
## The agent that it helps with a task; empty for one that stands for itself.
var parent_agent_id: String:
	get:
		return Wire.text(_field("parent_agent_id"))

var _manager: AgentVMManager = null


## [method AgentVMManager.as_agent] makes them.
func _init(manager: AgentVMManager = null, agent_id: String = "") -> void:
	_manager = manager
	id = agent_id


## Whether it is there, as far as is known.
func is_known() -> bool:
	return _field("id") != null


## The task that it works on; null while it has none.
func get_task() -> AgentVMTask:
	var task_id: String = Wire.text(_field("current_task_id"))
	return null if task_id.is_empty() else AgentVMTask.new(_manager, task_id)


## The task of its that asks the player something; null while none does.
func get_question_task() -> AgentVMTask:
	for task: AgentVMTask in _get_tasks():
		if not task.question.is_empty():
			return task
	return null


## Its tasks whose changes wait for the player to accept or discard them, newest first.
func get_tasks_to_review() -> Array[AgentVMTask]:
	return _get_tasks().filter(func(task: AgentVMTask) -> bool: return task.is_to_review())


## The agents that help it with a task now.
func get_helpers() -> Array[AgentVMAgent]:
	var found: Array[AgentVMAgent] = []
	if is_instance_valid(_manager):
		for agent: Dictionary in _manager.get_known_agents():
			if agent.get("parent_agent_id") == id:
				found.append(AgentVMAgent.new(_manager, str(agent["id"])))
	return found


## Gives it a task as [method AgentVMManager.assign_task] does; null where it was not taken.
func assign(prompt: String, task_type: String = "general", options: Dictionary = {}) -> AgentVMTask:
	if not is_instance_valid(_manager):
		return null
	var task_id: String = await _manager.assign_task(id, prompt, task_type, options)
	return null if task_id.is_empty() else AgentVMTask.new(_manager, task_id)


## Moves it, and waits until the server has it.
func move(to: Variant, scene_id: String = "") -> bool:
	return is_instance_valid(_manager) and await _manager.move_agent(id, to, scene_id)


## Removes it; its running task is cancelled first.
func remove() -> bool:
	return is_instance_valid(_manager) and await _manager.remove_agent(id)


func _get_tasks() -> Array[AgentVMTask]:
	var found: Array[AgentVMTask] = []
	if is_instance_valid(_manager):
		for task: Dictionary in _manager.get_known_tasks():
			if task.get("agent_id") == id:
				found.push_front(AgentVMTask.new(_manager, str(task["id"])))
	return found


func _field(of: String) -> Variant:
	return _manager.get_known_agent(id).get(of) if is_instance_valid(_manager) else null
