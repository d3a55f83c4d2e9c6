extends Node
## The people of the office: hires them, and sends them to the rug, the desks and the table.

## Something to tell the player.
signal news(text: String)

const Layout = preload("office/layout.gd")

const NAMES: Array[String] = [
	"Ada", "Otto", "Cleo", "Grace", "Linus", "Mira", "Edsger", "Iris", "Alan", "Noor", "Ken", "Yuki",
]
const TYPES: Array[String] = ["aider", "opencode", "claude"]
## How many there are at first.
const START: int = 6
const REST_AFTER_SECONDS: float = 3.2
## How far a helper stands from whom it helps, and how much nearer or farther than that it may.
const BESIDE: Vector3 = Vector3(1.1, 0.0, 0.5)
const BESIDE_SLACK: float = 0.4
const HELPER_SCALE: float = 0.78

## Types of those who are hired, in turns.
var types: PackedStringArray = PackedStringArray(TYPES)

var _hired: int = 0
var _is_moving_in: bool = false
var _idle_since_ms: Dictionary[String, int] = {}
var _rests: Dictionary[String, int] = {}
var _next_look_ms: int = 0
## Helpers, and where each was sent last.
var _helpers: Dictionary[String, Vector3] = {}


func _ready() -> void:
	AgentVM.connection_status_changed.connect(_on_connection_status_changed)
	AgentVM.events_lost.connect(func(_agents: Array[Dictionary]) -> void: move_in())
	AgentVM.agent_state_changed.connect(_on_agent_state_changed)
	AgentVM.agent_removed.connect(func(id: String) -> void: _forget(id))
	if AgentVM.is_connected_to_api():
		move_in.call_deferred()


func _process(_delta: float) -> void:
	var now: int = Time.get_ticks_msec()
	if now < _next_look_ms:
		return
	_next_look_ms = now + 500
	for agent_id: String in _idle_since_ms.keys():
		if now - _idle_since_ms[agent_id] > REST_AFTER_SECONDS * 1000.0:
			_idle_since_ms.erase(agent_id)
			_send(agent_id, Layout.rest(_rest_of(agent_id)))
	for agent_id: String in _helpers:
		_follow(agent_id)


## Whom an agent helps; its own id where it stands for itself.
static func helped_by(agent_id: String) -> String:
	var parent: String = AgentVM.as_agent(agent_id).parent_agent_id
	return agent_id if parent.is_empty() else parent


## Describes the office to the backend, and hires whoever is missing.
func move_in() -> void:
	if _is_moving_in:
		return
	_is_moving_in = true
	await AgentVM.update_scene(Layout.SCENE_ID, Layout.describe())
	_hired = AgentVM.get_known_agents().filter(func(one: Dictionary) -> bool: return not _is_helper(one)).size()
	while _hired < START and AgentVM.is_connected_to_api():
		if not await hire():
			break
	_is_moving_in = false


## Hires one more. It comes in by the door and goes to the rug.
func hire() -> bool:
	var index: int = _hired
	var title: String = NAMES[index % NAMES.size()]
	if index >= NAMES.size():
		title += " %d" % (floori(float(index) / NAMES.size()) + 1)
	var options: Dictionary = {"name": title, "position": Layout.entry(index), "scene_id": Layout.SCENE_ID}
	var agent_id: String = await AgentVM.create_agent(types[index % types.size()], options)
	if agent_id.is_empty():
		news.emit("Nobody could be hired: %s" % AgentVM.last_error.message)
		return false
	_hired += 1
	_send(agent_id, Layout.rest(_rest_of(agent_id)))
	return true


## Gives a task to one agent, or to the best one when [param agent_id] is empty.
func give(agent_id: String, prompt: String, task_type: String) -> String:
	var task_id: String = await AgentVM.assign_task(agent_id, prompt, task_type)
	if task_id.is_empty():
		news.emit("The task was not taken: %s" % AgentVM.last_error.message)
	return task_id


## Calls three to the table for one piece of work.
func call_team(prompt: String) -> Array[String]:
	var task_ids: Array[String] = await AgentVM.assign_collaborative_task(prompt, 3)
	if task_ids.is_empty():
		news.emit("No team came together: %s" % AgentVM.last_error.message)
		return task_ids
	for index: int in task_ids.size():
		# Who is in the team is known from the events that follow the answer.
		var agent_id: String = await _agent_of(task_ids[index])
		if not agent_id.is_empty():
			_idle_since_ms.erase(agent_id)
			_send(agent_id, Layout.table_place(index, task_ids.size()))
	return task_ids


## Makes an NPC walk around desks and look at what it works on.
func set_up(npc: AgentNPC3D) -> void:
	npc.path_finder = Layout.way
	var is_helper: bool = not npc.parent_agent_id.is_empty()
	npc.scale = Vector3.ONE * (HELPER_SCALE if is_helper else 1.05)
	if is_helper:
		_helpers[npc.agent_id] = Vector3.INF
	# On an upright screen the whole office is far away, and its people are still what matters.
	npc.detail_reach = 2.5
	if not npc.arrived.is_connected(_on_arrived.bind(npc)):
		npc.arrived.connect(_on_arrived.bind(npc))
	_on_arrived(npc)


func _agent_of(task_id: String) -> String:
	for turn: int in 60:
		var agent_id: Variant = AgentVM.get_known_task(task_id).get("agent_id")
		if agent_id is String and not str(agent_id).is_empty():
			return agent_id
		await get_tree().process_frame
	return ""


## The place where an agent waits, which nobody else has while it is there.
func _rest_of(agent_id: String) -> int:
	var place: int = 0
	while not _rests.has(agent_id):
		if _rests.values().has(place):
			place += 1
		else:
			_rests[agent_id] = place
	return _rests[agent_id]


func _send(agent_id: String, place: Vector3) -> void:
	AgentVM.queue_agent_position(agent_id, place, Layout.SCENE_ID)


static func _is_helper(agent: Dictionary) -> bool:
	return agent.get("parent_agent_id") is String


## A helper stands beside whom it helps, wherever that one goes.
func _follow(agent_id: String) -> void:
	var helped: AgentVMAgent = AgentVM.as_agent(helped_by(agent_id))
	var place: Vector3 = helped.position + BESIDE
	if helped.is_known() and _helpers[agent_id].distance_to(place) > BESIDE_SLACK:
		_helpers[agent_id] = place
		_send(agent_id, place)


func _forget(agent_id: String) -> void:
	_idle_since_ms.erase(agent_id)
	_rests.erase(agent_id)
	_helpers.erase(agent_id)


func _on_arrived(npc: AgentNPC3D) -> void:
	npc.look_toward(Layout.view_from(npc.position))


func _on_connection_status_changed(connected: bool) -> void:
	if connected:
		move_in()


func _on_agent_state_changed(agent_id: String, state: String, _previous: String) -> void:
	if state == "idle" and not _helpers.has(agent_id):
		_idle_since_ms[agent_id] = Time.get_ticks_msec()
	else:
		_idle_since_ms.erase(agent_id)
