@tool
extends RefCounted
## Brings what a manager tells of its agents to the NPCs that show them. One for each manager, so that an
## event is looked at once, however many NPCs there are.

## An NPC whose agent waits for an answer was clicked.
@warning_ignore("unused_signal")
signal question_requested(agent_id: String)

const Model = preload("npc_model.gd")
const Wire = preload("../../core/wire.gd")

const META: StringName = &"agentvm_npc_feed"
const AUTOLOAD: NodePath = ^"/root/AgentVMManager"
## No question stays open longer.
const QUESTION_SECONDS: float = 86_400.0
const ENDINGS: Dictionary[String, String] = {
	"task.completed": "done",
	"task.failed": "failed",
	"task.cancelled": "cancelled",
}

var _models: Dictionary[String, Array] = {}
var _manager: WeakRef = null


## The feed of a manager; it lives as long as the manager.
static func of(manager: AgentVMManager) -> RefCounted:
	if manager.has_meta(META):
		return manager.get_meta(META)
	var feed: RefCounted = new(manager)
	manager.set_meta(META, feed)
	return feed


## The manager that a node's scene uses: one of its own, else the autoload. Null where there is none.
static func manager_near(node: Node) -> AgentVMManager:
	var autoload: AgentVMManager = node.get_node_or_null(AUTOLOAD)
	for found: Node in node.get_tree().get_nodes_in_group(&"agentvm_managers"):
		if found is AgentVMManager and found != autoload:
			return found
	return autoload


func _init(manager: AgentVMManager = null) -> void:
	if manager == null:
		return
	_manager = weakref(manager)
	manager.event_received.connect(_on_event_received)
	manager.events_lost.connect(_on_events_lost)
	manager.connection_status_changed.connect(_on_connection_status_changed)


## Tells a model of its agent from now on, and how the agent is.
func follow(model: Model) -> void:
	if model.agent_id.is_empty():
		return
	if not _models.has(model.agent_id):
		_models[model.agent_id] = []
	if not _models[model.agent_id].has(model):
		_models[model.agent_id].append(model)
	var manager: AgentVMManager = _manager.get_ref()
	if manager == null:
		return
	var agent: Dictionary = manager.get_known_agent(model.agent_id)
	if not agent.is_empty():
		_take(model, agent)
		model.moved.emit(Wire.to_vector(agent.get("position")), true)


## Tells a model nothing any more.
func unfollow(model: Model) -> void:
	if not _models.has(model.agent_id):
		return
	_models[model.agent_id].erase(model)
	if _models[model.agent_id].is_empty():
		_models.erase(model.agent_id)


func _take(model: Model, agent: Dictionary) -> void:
	model.take(agent)
	var task_id: String = Wire.text(agent.get("current_task_id"))
	var manager: AgentVMManager = _manager.get_ref()
	if not task_id.is_empty() and manager != null:
		var task: Dictionary = manager.get_known_task(task_id)
		model.set_progress(Wire.number(task.get("progress")))
		if task.get("question") is Dictionary:
			model.say(Wire.text(Wire.object(task["question"]).get("text")), QUESTION_SECONDS)


func _on_connection_status_changed(connected: bool) -> void:
	var manager: AgentVMManager = _manager.get_ref()
	if connected and manager != null:
		_on_events_lost(manager.get_known_agents())


func _on_events_lost(agents: Array[Dictionary]) -> void:
	for agent: Dictionary in agents:
		for model: Model in _of(agent.get("id")):
			_take(model, agent)
			model.moved.emit(Wire.to_vector(agent.get("position")), false)


func _on_event_received(event: Dictionary) -> void:
	var data: Dictionary = Wire.object(event.get("data"))
	var type: String = Wire.text(event.get("type"))
	for model: Model in _of(data.get("agent_id")):
		match type:
			"agent.state_changed":
				model.set_state(Wire.text(data.get("state")))
			"agent.moved":
				model.moved.emit(Wire.to_vector(data.get("position")), false)
			"agent.removed":
				model.removed.emit()
			"task.started":
				model.set_progress(0.0)
			"task.progress":
				model.set_progress(Wire.number(data.get("progress")))
				model.say(Wire.text(data.get("message")))
			"task.question":
				# It says so until there is an answer.
				model.say(Wire.text(Wire.object(data.get("question")).get("text")), QUESTION_SECONDS)
			"task.answered":
				model.say("")
			"task.completed", "task.failed":
				model.end_task(ENDINGS[type])
			"task.cancelled":
				# A task that only waited is called off without the agent having begun it.
				if model.state != "idle":
					model.end_task(ENDINGS[type])


func _of(agent_id: Variant) -> Array:
	var id: String = Wire.text(agent_id)
	# A copy, since what a model tells may end its being followed.
	return _models[id].duplicate() if _models.has(id) else []
