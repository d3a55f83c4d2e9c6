@icon("res://addons/agentvm/icon.svg")
class_name AgentSpawner
extends Node
## Keeps the NPCs of a scene in step with the agents of the game: makes one for an agent that comes, takes
## away that of an agent that goes, and uses it again for the next.
##
## Put it into a scene beside the level; the NPCs become children of its parent.

## An NPC shows an agent from now on.
signal npc_spawned(npc: Node, agent_id: String)
## An NPC is about to be taken away. Do not keep it: it will show another agent.
signal npc_freed(npc: Node, agent_id: String)
## An NPC was clicked or tapped.
signal interaction_requested(agent_id: String)
## An NPC was clicked or tapped while its agent waits for an answer; [signal interaction_requested] comes instead while
## nobody listens to this, and no [AgentTaskDialog] shows the question.
signal question_requested(agent_id: String)

const Feed = preload("parts/npc_feed.gd")

## NPCs that are made or taken away in one frame at the most, so that a crowd does not stop the game.
const PER_FRAME: int = 8

## The scene of an NPC: [AgentNPC3D], [AgentNPC2D], or one of your own whose root is one of them.
@export var npc_scene: PackedScene = preload("agent_npc_3d.tscn")
## NPCs become children of this node; empty takes the spawner's parent.
@export var npc_parent: Node = null
## Shows only the agents of this scene; empty shows all.
@export var scene_id: String = ""
## NPCs at the most.
@export_range(0, 1000, 1, "or_greater") var maximum: int = 200:
	set(value):
		maximum = value
		refresh()
## NPCs that are kept for the next agents at the most.
@export_range(0, 1000, 1, "or_greater") var pool_size: int = 32

## The manager whose agents are shown. Null takes the scene's own, else the autoload [code]AgentVM[/code].
var manager: AgentVMManager = null:
	set(value):
		_disconnect_manager()
		manager = value
		_connect_manager()
## Asked whether an agent is to be shown: [code]func(agent: Dictionary) -> bool[/code]. Call [method refresh]
## when its answer changes.
var filter: Callable = Callable()

var _npcs: Dictionary[String, Node] = {}
var _pool: Array[Node] = []
var _source: AgentVMManager = null
var _is_due: bool = false


func _ready() -> void:
	_connect_manager()


func _process(_delta: float) -> void:
	if _is_due:
		_synchronise()
	else:
		set_process(false)


func _exit_tree() -> void:
	_disconnect_manager()


func _enter_tree() -> void:
	if is_node_ready():
		_connect_manager()


func _notification(what: int) -> void:
	if what == NOTIFICATION_PREDELETE:
		for npc: Node in _pool:
			if is_instance_valid(npc):
				npc.free()
		_pool.clear()


## The NPC of an agent; null when it has none.
func get_npc(agent_id: String) -> Node:
	return _npcs[agent_id] if _npcs.has(agent_id) else null


## Every NPC that shows an agent now.
func get_npcs() -> Array[Node]:
	return _npcs.values()


## NPCs that wait to be used again.
func get_pooled_count() -> int:
	return _pool.size()


## Looks anew which agents are to be shown, at the next frame.
func refresh() -> void:
	_is_due = true
	set_process(true)


func _connect_manager() -> void:
	if not is_inside_tree() or _source != null:
		return
	_source = manager if manager != null else Feed.manager_near(self)
	if _source == null:
		push_warning("AgentSpawner: there is no AgentVMManager. Enable the AgentVM plugin, or set manager.")
		return
	_source.agent_created.connect(_on_agents_changed)
	_source.agent_removed.connect(_on_agents_changed)
	_source.events_lost.connect(_on_agents_changed)
	_source.connection_status_changed.connect(_on_agents_changed)
	refresh()


func _disconnect_manager() -> void:
	if is_instance_valid(_source):
		_source.agent_created.disconnect(_on_agents_changed)
		_source.agent_removed.disconnect(_on_agents_changed)
		_source.events_lost.disconnect(_on_agents_changed)
		_source.connection_status_changed.disconnect(_on_agents_changed)
	_source = null


func _on_agents_changed(_what: Variant) -> void:
	refresh()


func _synchronise() -> void:
	_is_due = false
	if not is_instance_valid(_source):
		return
	# While the connection is being got back the agents are not known; they are not gone for that.
	if _source.connection_state == "connecting" or _source.connection_state == "reconnecting":
		return
	var wanted: Dictionary[String, bool] = {}
	for agent: Dictionary in _source.get_known_agents():
		if wanted.size() < maximum and _is_wanted(agent):
			wanted[str(agent["id"])] = true
	var left: int = PER_FRAME
	for agent_id: String in _npcs.keys():
		if not wanted.has(agent_id) and left > 0:
			_take_away(agent_id)
			left -= 1
	for agent_id: String in wanted:
		if not _npcs.has(agent_id) and left > 0:
			_bring(agent_id)
			left -= 1
	_is_due = _is_due or left == 0


func _is_wanted(agent: Dictionary) -> bool:
	if not scene_id.is_empty() and str(agent.get("scene_id")) != scene_id:
		return false
	return not filter.is_valid() or filter.call(agent) == true


func _bring(agent_id: String) -> void:
	var npc: Node = _pool.pop_back() if not _pool.is_empty() else _make()
	if npc == null:
		return
	_npcs[agent_id] = npc
	npc.set(&"manager", _source)
	npc.set(&"agent_id", agent_id)
	var parent: Node = npc_parent if npc_parent != null else get_parent()
	parent.add_child(npc)
	npc_spawned.emit(npc, agent_id)


func _make() -> Node:
	var npc: Node = npc_scene.instantiate()
	if not (npc is AgentNPC3D or npc is AgentNPC2D):
		push_error("AgentSpawner: the root of npc_scene must be an AgentNPC3D or an AgentNPC2D.")
		npc.free()
		return null
	npc.call(&"forward_questions", question_requested)
	npc.connect(&"interaction_requested", func(id: String) -> void: interaction_requested.emit(id))
	return npc


func _take_away(agent_id: String) -> void:
	var npc: Node = _npcs[agent_id]
	_npcs.erase(agent_id)
	# A game may have freed it with the level.
	if not is_instance_valid(npc):
		return
	npc_freed.emit(npc, agent_id)
	if npc.get_parent() != null:
		npc.get_parent().remove_child(npc)
	npc.set(&"agent_id", "")
	if _pool.size() < pool_size:
		_pool.append(npc)
	else:
		npc.queue_free()
