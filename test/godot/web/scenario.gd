extends Node
## One story, the same on every platform: what it prints must be the same lines everywhere.

var _lines: int = 0
var _events: Array[String] = []


## Plays the story against an endpoint.
func run(endpoint: String, key: String) -> void:
	var agents: AgentVMManager = AgentVMManager.new()
	add_child(agents)
	agents.agent_created.connect(func(agent: Dictionary) -> void: _events.append("agent_created %s" % agent["name"]))
	agents.agent_removed.connect(func(id: String) -> void: _events.append("agent_removed %s" % id))
	agents.task_started.connect(func(id: String, prompt: String) -> void: _events.append("task_started %s %s" % [id, prompt]))
	var ended: Array[String] = []
	agents.task_completed.connect(func(id: String, output: String) -> void: ended.append("%s completed %d" % [id, output.length()]))
	agents.task_failed.connect(func(id: String, error: String) -> void: ended.append("%s failed %s" % [id, error]))
	agents.task_cancelled.connect(func(id: String, reason: String) -> void: ended.append("%s cancelled %s" % [id, reason]))
	agents.connection_status_changed.connect(func(connected: bool) -> void: _tell("event connected %s" % connected))
	agents.request_failed.connect(func(error: AgentVMError) -> void: _tell("failed %s %s: %s" % [error.operation, error.code, error.message]))
	_tell("too early: %s" % var_to_str(await agents.create_agent("aider")))
	_tell("connect_to_api %s" % await agents.connect_to_api(endpoint, key))
	_tell("limits %s" % agents.limits.get("max_agents"))
	var metadata: Dictionary = {
		"float": 1_757_000_000.123,
		"int": 9_007_199_254_740_991,
		"text": "Ünïcødé \"日本語\" \\ 😀\n</script>",
		"list": [true, null, -0.5, {"deep": [1, 2, 3]}],
	}
	var first: String = await agents.create_agent("aider", {"name": "First", "position": Vector3(1.5, 0, -2.25), "metadata": metadata})
	var agent: Dictionary = await agents.get_agent(first)
	_tell("agent %s %s %s %s" % [agent["id"], agent["type"], agent["position"], agent["state"]])
	_tell("metadata there and back: %s" % (agent["metadata"] == metadata))
	for type: String in ["opencode", "claude"]:
		_tell("created %s" % await agents.create_agent(type, {"name": type.capitalize()}))
	_tell("agents %d" % (await agents.list_agents()).size())
	await _tell_events(3)
	_tell("moved %s" % await agents.move_agent(first, Vector3(3, 0, 4)))
	var gone: String = await agents.assign_task("agent_gone", "Work")
	_tell("a task for nobody: %s" % var_to_str(gone))
	_tell("an empty prompt: %s" % var_to_str(await agents.assign_task(first, " ")))
	_tell("a team of none: %s" % (await agents.assign_collaborative_task("Work", 0)).size())
	_tell("a team of a hundred: %s" % (await agents.assign_collaborative_task("Work", 100)).size())
	var task: String = await agents.assign_task(first, "Fix the player movement bug", "debugging")
	_tell("task %s" % task)
	await _until(func() -> bool: return ended.size() == 1)
	await _tell_events(1)
	_tell("ended %s" % ended[0])
	var output: Dictionary = await agents.get_task_output(task)
	_tell("output %s %s %d bytes" % [output["done"], output["status"], output["next_offset"]])
	var team: Array[String] = await agents.assign_collaborative_task("Implement multiplayer networking", 3)
	_tell("team %s" % ", ".join(team))
	await _until(func() -> bool: return ended.size() == 4)
	await _tell_events(3)
	var rest: Array[String] = ended.slice(1)
	rest.sort()
	_tell("ended %s" % "; ".join(rest))
	_tell("scene %s" % (await agents.update_scene("office", {"name": "Office"})).get("revision"))
	_tell("removed %s" % await agents.remove_agent(first))
	await _tell_events(1)
	_tell("health %s" % (await agents.get_health()).get("status"))
	_tell("agents %d" % (await agents.get_game_agents()).size())
	await agents.disconnect_from_api()
	_tell("afterwards: %s" % var_to_str(await agents.create_agent("aider")))


func _tell(line: String) -> void:
	_lines += 1
	print("line %d: %s" % [_lines, line.c_escape()])


## When an event comes depends on the platform; what it says and in which order does not.
func _tell_events(count: int) -> void:
	await _until(func() -> bool: return _events.size() >= count)
	for event: String in _events:
		_tell("event %s" % event)
	_events.clear()


func _until(truth: Callable) -> void:
	var end: int = Time.get_ticks_msec() + 60_000
	while not truth.call() and Time.get_ticks_msec() < end:
		await get_tree().process_frame
