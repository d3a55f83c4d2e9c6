extends Node2D
## Measures what the border between game and page costs, with more and more agents. Every line that begins
## with "row" is a measurement, in JSON.

const COUNTS: Array[int] = [0, 10, 100, 1000]
const MEASURE_SECONDS: float = 6.0
const SETTLE_SECONDS: float = 3.0
const MOVES_PER_SECOND: float = 10.0

var _agents: AgentVMManager = null
var _ids: Array[String] = []
var _page: JavaScriptObject = null
var _events: int = 0
var _next_moves_usec: int = 0
var _is_moving: bool = false
# Microseconds, all frames together.
var _taking_usec: int = 0
var _submitting_usec: int = 0
var _queueing_usec: int = 0
var _frames: int = 0


func _ready() -> void:
	_page = JavaScriptBridge.get_interface("bridgeTimes")
	_agents = AgentVMManager.new()
	add_child(_agents)
	# Its frames are made here, so that they can be timed part by part.
	_agents.set_process(false)
	_agents.event_received.connect(func(_event: Dictionary) -> void: _events += 1)
	await _agents.connect_to_api("mock://?seed=7&max_agents=%d" % COUNTS.max())
	for count: int in COUNTS:
		await _have(count)
		await _measure("idle")
		_is_moving = true
		await _measure("moving")
		_is_moving = false
		await get_tree().create_timer(SETTLE_SECONDS).timeout
	print("the run is over")


func _process(_delta: float) -> void:
	var begin: int = Time.get_ticks_usec()
	if _is_moving and begin >= _next_moves_usec:
		_next_moves_usec = begin + int(1_000_000.0 / MOVES_PER_SECOND)
		for id: String in _ids:
			_agents.queue_agent_position(id, Vector3(randf(), 0.0, randf()))
	var queued: int = Time.get_ticks_usec()
	_poll_by_parts()
	var polled: int = Time.get_ticks_usec()
	_agents._link.send_positions()
	_queueing_usec += queued - begin + Time.get_ticks_usec() - polled
	_frames += 1


## First what came from the page, then what goes there.
func _poll_by_parts() -> void:
	var transport: RefCounted = _agents._link.transport
	if transport == null:
		return
	var positions: PackedStringArray = transport.get("_positions")
	var commands: PackedStringArray = transport.get("_commands")
	var ids: PackedInt64Array = transport.get("_command_ids")
	var nothing: PackedStringArray = []
	transport.set("_positions", nothing)
	transport.set("_commands", nothing)
	var begin: int = Time.get_ticks_usec()
	transport.call("poll")
	var taken: int = Time.get_ticks_usec()
	# An answer may have let the game make more calls.
	positions.append_array(transport.get("_positions"))
	commands.append_array(transport.get("_commands"))
	transport.set("_positions", positions)
	transport.set("_commands", commands)
	var submitting: int = Time.get_ticks_usec()
	transport.call("poll")
	_taking_usec += taken - begin
	_submitting_usec += Time.get_ticks_usec() - submitting


func _have(count: int) -> void:
	for index: int in range(_ids.size(), count):
		_create.call(index)
	while _ids.size() < count:
		await get_tree().process_frame
	await get_tree().create_timer(SETTLE_SECONDS).timeout


func _create(index: int) -> void:
	var id: String = await _agents.create_agent("aider", {"name": "Agent %d" % index})
	_ids.append(id)
	if id.is_empty():
		print("row of errors: ", _agents.last_error)


func _measure(load: String) -> void:
	_take_page_times()
	_events = 0
	_frames = 0
	_taking_usec = 0
	_submitting_usec = 0
	_queueing_usec = 0
	var begin: int = Time.get_ticks_usec()
	await get_tree().create_timer(MEASURE_SECONDS).timeout
	var seconds: float = (Time.get_ticks_usec() - begin) / 1_000_000.0
	var page: Dictionary = _take_page_times()
	var row: Dictionary = {
		"agents": _ids.size(),
		"load": load,
		"seconds": seconds,
		"frames": _frames,
		"events": _events,
		"taking_ms": _taking_usec / 1000.0,
		"submitting_ms": _submitting_usec / 1000.0,
		"queueing_ms": _queueing_usec / 1000.0,
	}
	row.merge(page)
	print("row ", JSON.stringify(row))


func _take_page_times() -> Dictionary:
	@warning_ignore("unsafe_method_access")
	return JSON.parse_string(str(_page.take()))
