extends Node
## A game of today at a server of tomorrow, which says words that this addon does not know wherever it can: what it prints must
## be the same lines on every platform.

var _states: Dictionary[String, bool] = {}
var _ends: Array[String] = []
var _types: Dictionary[String, bool] = {}
var _created: Array[String] = []
var _failed: Array[String] = []
var _connections: Array[bool] = []


## Plays against [param endpoint]; [param control] is the test program, which closes the streams when it is asked to.
func run(endpoint: String, key: String, control: String) -> void:
	var agents: AgentVMManager = AgentVMManager.new()
	add_child(agents)
	agents.agent_created.connect(func(agent: Dictionary) -> void: _created.append(str(agent["id"])))
	agents.agent_state_changed.connect(func(_id: String, state: String, _before: String) -> void: _states[state] = true)
	agents.event_received.connect(func(event: Dictionary) -> void: _types[str(event["type"])] = true)
	agents.task_completed.connect(func(id: String, _output: String) -> void: _ends.append(id))
	agents.task_failed.connect(func(id: String, _error: String) -> void: _ends.append(id))
	agents.task_cancelled.connect(func(id: String, _reason: String) -> void: _ends.append(id))
	agents.request_failed.connect(func(error: AgentVMError) -> void: _failed.append("%s %d" % [error.code, error.http_status]))
	agents.agent_move_failed.connect(func(id: String, error: AgentVMError) -> void: _failed.append("%s %s" % [id, error.code]))
	agents.connection_status_changed.connect(func(connected: bool) -> void: _connections.append(connected))
	_tell("connected", await agents.connect_to_api(endpoint, key))
	_tell("health", (await agents.get_health()).get("status"))
	var types: Array[Dictionary] = await agents.list_agent_types()
	_tell("types", types.map(func(type: Dictionary) -> Variant: return type["type"]))
	await _keep_ready(endpoint, key)
	await _play(agents)
	await _miss(agents)
	await _lose_stream(agents, control, endpoint)
	await agents.disconnect_from_api()
	_tell("failed", _failed)


func _keep_ready(endpoint: String, key: String) -> void:
	var autoload: AgentVMManager = get_node("/root/AgentVMManager")
	await autoload.connect_to_api(endpoint, key)
	await _until(func() -> bool: return autoload.get_known_agents().size() >= 2)
	# Each takes a turn; as many as would fill the game.
	for turn: int in 12:
		await autoload.get_health()
	_tell("kept ready", autoload.get_known_agents().size())
	await autoload.disconnect_from_api()


func _play(agents: AgentVMManager) -> void:
	var id: String = await agents.create_agent("aider", {"name": "Ada"})
	var agent: Dictionary = await agents.get_agent(id)
	_tell("agent", "%s %s" % [agent["type"], agent["state"]])
	var task: String = await agents.assign_task(id, "Fix the jump")
	var status: String = str((await agents.get_task_status(task)).get("status"))
	_tell("status", status.trim_prefix("later_") in ["assigned", "running"] and status.begins_with("later_"))
	_tell("an unknown status is no ending", agents._link.mirror.task_ids(false).has(task))
	_tell("states counted", (await agents.get_system_status()).get("agents_by_state", {}).has("later_coding"))
	await _until(func() -> bool: return _ends.has(task))
	_tell("ended", _ends.count(task))
	_tell("ended as", agents.get_known_task(task)["status"] in ["completed", "failed"])
	var output: Dictionary = await agents.get_task_output(task)
	_tell("output", "%s %s" % [output["done"], output["lines"][0]["stream"]])
	await _until(func() -> bool: return _states.has("later_idle"))
	_tell("states known today", _states.keys().filter(func(state: String) -> bool: return not state.begins_with("later_")))
	_tell("states of tomorrow", _states.has("later_coding"))
	_tell("known agent", agents.get_known_agent(id)["state"])
	_tell("an unknown event", _types.has("agent.dreamt"))
	_tell("told as created", _created)
	_tell("moved", await agents.move_agent(id, Vector3(1, 0, 2)))
	agents.queue_agent_position(id, Vector3(3, 0, 4))
	await _until(func() -> bool: return agents.get_known_agent(id)["position"]["x"] == 3.0)
	_tell("queued", AgentVMManager.to_vector3(agents.get_known_agent(id)["position"]))


func _miss(agents: AgentVMManager) -> void:
	_tell("nobody", await agents.get_agent("agent_gone"))
	agents.queue_agent_position("agent_gone", Vector3.ZERO)
	await _until(func() -> bool: return _failed.size() == 2)


func _lose_stream(agents: AgentVMManager, control: String, endpoint: String) -> void:
	var http: HTTPRequest = HTTPRequest.new()
	add_child(http)
	http.request("%s/tomorrow" % control, [], HTTPClient.METHOD_POST, JSON.stringify({"url": endpoint, "code": 4499}))
	await http.request_completed
	await _until(func() -> bool: return _connections.size() == 3)
	_tell("connections", _connections)
	var team: Array[String] = await agents.assign_collaborative_task("Work", 2)
	await _until(func() -> bool: return _ends.has(team[0]) and _ends.has(team[1]))
	_tell("a team afterwards", team.size())


func _tell(what: String, value: Variant) -> void:
	print("line %s: %s" % [what, value])


func _until(truth: Callable) -> void:
	while not truth.call():
		await get_tree().process_frame
