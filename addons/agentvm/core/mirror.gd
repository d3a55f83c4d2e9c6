@tool
extends RefCounted
## What is known here of agents and tasks, as events and answers told it.

const Wire = preload("wire.gd")

## Tasks that are remembered; past it the oldest that is over is forgotten first.
const TASKS_MAX: int = 1_000
const ENDINGS: Array[String] = ["completed", "failed", "cancelled"]
## States in which an agent takes no task, of those that are known here.
const BUSY: Array[String] = ["thinking", "coding", "speaking", "moving", "collaborating", "error", "waiting"]

## Agents by id, as the wire has them.
var agents: Dictionary[String, Dictionary] = {}
## Tasks by id, as the wire has them as far as they are known.
var tasks: Dictionary[String, Dictionary] = {}


## Forgets everything.
func clear() -> void:
	agents.clear()
	tasks.clear()


## Takes the agents of a snapshot for all that there are.
func replace_agents(list: Array[Dictionary]) -> void:
	agents.clear()
	for agent: Dictionary in list:
		put_agent(agent)


## Takes an agent as it is now.
func put_agent(agent: Dictionary) -> void:
	var id: String = Wire.text(agent.get("id"))
	if not id.is_empty():
		agents[id] = agent


## Takes what is known of a task; fields that [param fields] does not have stay.
func put_task(id: String, fields: Dictionary) -> void:
	if id.is_empty():
		return
	if not tasks.has(id):
		_make_room()
		tasks[id] = {"id": id, "progress": 0.0, "message": "", "status": "assigned"}
	tasks[id].merge(fields, true)


## Takes what the answer to a call tells.
func learn(route: String, answer: Dictionary) -> void:
	match route:
		"agentCreate", "agentGet":
			put_agent(Wire.object(answer.get("agent")).duplicate(true))
		"taskAssign":
			var task: Dictionary = {"agent_id": answer.get("agent_id")}
			# That it is over already is told by an event that has its result.
			if not ENDINGS.has(Wire.text(answer.get("status"))):
				task["status"] = answer.get("status")
			put_task(Wire.text(answer.get("task_id")), task)
		"taskGet":
			put_task(Wire.text(answer.get("task_id")), answer.duplicate(true))
		"taskReview":
			_review(Wire.text(answer.get("task_id")), answer)


## Takes in an event, as the wire has it.
func apply(event: Dictionary) -> void:
	var type: String = Wire.text(event.get("type"))
	var data: Dictionary = Wire.object(event.get("data"))
	if type == "agent.moved":
		# First, and on the shortest way, since most events are moves.
		_move(data, event.get("timestamp"))
	else:
		_apply(type, data, Wire.text(event.get("timestamp")))


## Whether a task is over, as far as is known here.
func is_over(task_id: String) -> bool:
	return tasks.has(task_id) and ENDINGS.has(Wire.text(tasks[task_id].get("status")))


## The ids of the tasks that are not over, and with [param are_over] of those that are; oldest first.
func task_ids(are_over: bool) -> Array[String]:
	var ids: Array[String] = []
	for id: String in tasks:
		if ENDINGS.has(Wire.text(tasks[id].get("status"))) == are_over:
			ids.append(id)
	return ids


## Whether there is an agent of a type.
func has_type(type: String) -> bool:
	for id: String in agents:
		if agents[id].get("type") == type:
			return true
	return false


## Agents of the game that could take a task at once. One in a state that is not known here is taken for such, unless it
## has a task: whoever keeps some ready would make agents without end otherwise.
func idle_count() -> int:
	var count: int = 0
	for id: String in agents:
		var state: String = Wire.text(agents[id].get("state"))
		if state == "idle" or (not BUSY.has(state) and agents[id].get("current_task_id") == null):
			count += 1
	return count


func _move(data: Dictionary, timestamp: Variant) -> void:
	var agent_id: String = Wire.text(data.get("agent_id"))
	if agents.has(agent_id):
		var agent: Dictionary = agents[agent_id]
		agent["position"] = data.get("position")
		agent["scene_id"] = data.get("scene_id")
		agent["updated_at"] = timestamp


func _apply(type: String, data: Dictionary, timestamp: String) -> void:
	var agent_id: String = Wire.text(data.get("agent_id"))
	var task_id: String = Wire.text(data.get("task_id"))
	match type:
		"agent.created":
			put_agent(Wire.object(data.get("agent")).duplicate(true))
		"agent.removed":
			agents.erase(agent_id)
		"agent.state_changed":
			if agents.has(agent_id):
				agents[agent_id]["state"] = data.get("state")
				agents[agent_id]["current_task_id"] = data.get("task_id")
				agents[agent_id]["updated_at"] = timestamp
		"task.assigned":
			var task: Dictionary = Wire.object(data.get("task"))
			put_task(Wire.text(task.get("id")), task.duplicate(true))
		"task.started":
			var started: Dictionary = data.duplicate()
			started.erase("task_id")
			started.merge({"status": "running", "started_at": timestamp})
			put_task(task_id, started)
		"task.progress":
			put_task(
				task_id,
				{"agent_id": agent_id, "progress": data.get("progress"), "message": data.get("message")},
			)
		"task.question":
			var question: Dictionary = Wire.object(data.get("question")).duplicate(true)
			put_task(task_id, {"agent_id": agent_id, "status": "running", "question": question})
		"task.answered":
			if tasks.has(task_id):
				_close_question(tasks[task_id], data)
		"task.reviewed":
			_review(task_id, data)
		"task.completed", "task.failed", "task.cancelled":
			var ended: Dictionary = {"status": type.get_slice(".", 1), "completed_at": timestamp, "question": null}
			if data.get("result") is Dictionary:
				var result: Dictionary = data["result"]
				ended["result"] = result
				for field: String in ["changes", "usage"]:
					if result.has(field):
						ended[field] = result[field]
			if type == "task.completed":
				ended["progress"] = 1.0
			put_task(task_id, ended)


func _close_question(task: Dictionary, data: Dictionary) -> void:
	var open: Dictionary = Wire.object(task.get("question"))
	if open.get("question_id") == data.get("question_id"):
		task["question"] = null
	# What became of it is told to who answers again.
	task["answered"] = data.duplicate()


func _review(task_id: String, told: Dictionary) -> void:
	# A task that was forgotten here is not made anew: nothing else of it is known.
	if tasks.has(task_id) and told.get("changes") is Dictionary:
		tasks[task_id]["changes"] = Wire.object(told["changes"]).duplicate(true)


func _make_room() -> void:
	if tasks.size() < TASKS_MAX:
		return
	for id: String in tasks:
		if ENDINGS.has(Wire.text(tasks[id].get("status"))):
			tasks.erase(id)
			return
	var oldest: String = tasks.keys()[0]
	tasks.erase(oldest)
