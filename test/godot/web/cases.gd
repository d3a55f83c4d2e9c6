extends Node
## What breaks addons in a page, one function each; what they print is what the tests look at.


func _say(what: String, value: Variant) -> void:
	print("%s: %s" % [what, str(value).c_escape()])


func _connected(endpoint: String = "mock://?seed=7&speed=20&max_agents=300") -> AgentVMManager:
	var agents: AgentVMManager = AgentVMManager.new()
	add_child(agents)
	_say("connected", await agents.connect_to_api(endpoint))
	if agents.last_error != null:
		_say("error", agents.last_error)
	return agents


func _crossings() -> Dictionary:
	var facade: JavaScriptObject = JavaScriptBridge.get_interface("agentvmGodot")
	@warning_ignore("unsafe_method_access")
	return JSON.parse_string(str(facade.crossings()))


## Connecting alone, to see what the page needs.
func connecting(wanted: Dictionary) -> void:
	var agents: AgentVMManager = await _connected(str(wanted.get("endpoint", "mock://?seed=7")))
	_say("state", agents.connection_state)


## What the game can give wrong: each call ends with an empty value and a code, and the next one works.
func bad_calls(_wanted: Dictionary) -> void:
	var agents: AgentVMManager = await _connected()
	var id: String = await agents.create_agent()
	await agents.remove_agent(id)
	_tell_end(agents, "a task for an agent that is gone", await agents.assign_task(id, "Work"))
	id = await agents.create_agent()
	_tell_end(agents, "an empty prompt", await agents.assign_task(id, ""))
	_tell_end(agents, "a team of none", await agents.assign_collaborative_task("Work", 0))
	_tell_end(agents, "a team of a hundred", await agents.assign_collaborative_task("Work", 100))
	_say("a good task", not (await agents.assign_task(id, "Work")).is_empty())
	_say("a team of three", (await agents.assign_collaborative_task("Implement multiplayer", 3)).size())


func _tell_end(agents: AgentVMManager, what: String, value: Variant) -> void:
	_say(what, "%s %s" % [var_to_str(value), agents.last_error.code])


## Calls before the connection, and of a manager that is in the tree no more.
func too_early_and_too_late(_wanted: Dictionary) -> void:
	var agents: AgentVMManager = AgentVMManager.new()
	add_child(agents)
	_tell_end(agents, "before", await agents.create_agent())
	await agents.connect_to_api("mock://?seed=7")
	agents.request_failed.connect(func(error: AgentVMError) -> void: _say("code", error.code))
	_health.call(agents)
	remove_child(agents)
	_tell_end(agents, "outside", await agents.create_agent())
	await get_tree().create_timer(0.5).timeout
	_say("state", agents.connection_state)
	add_child(agents)
	_say("connected again", await agents.connect_to_api("mock://?seed=7"))


## A server with a key of its own, or one that is down at first: tries until it is there.
func insisting(wanted: Dictionary) -> void:
	var agents: AgentVMManager = AgentVMManager.new()
	add_child(agents)
	var key: String = str(wanted.get("key", ""))
	while not await agents.connect_to_api(str(wanted.get("endpoint")), key):
		_say("failed with", agents.last_error.code)
		_say("in it", agents.last_error)
		if not agents.last_error.retryable:
			return
		await get_tree().create_timer(0.3).timeout
	_say("connected", true)


## A hundred calls at once, and what they cost at the bridge.
func hundred(_wanted: Dictionary) -> void:
	var agents: AgentVMManager = await _connected()
	var names: Array[String] = []
	var before: Dictionary = _crossings()
	for index: int in 100:
		_create.call(agents, "Agent %d" % index, names)
	var frames: int = Engine.get_frames_drawn()
	while names.size() < 100:
		await get_tree().process_frame
	frames = Engine.get_frames_drawn() - frames
	var after: Dictionary = _crossings()
	_say("right", names.count("right"))
	_say("crossings in", after["in"] - before["in"])
	_say("crossings out within frames", after["out"] - before["out"] <= frames + 2)


func _create(agents: AgentVMManager, wanted: String, names: Array[String]) -> void:
	var id: String = await agents.create_agent("aider", {"name": wanted})
	names.append("right" if agents.get_known_agent(id).get("name") == wanted else "wrong")


## An agent is moved by one life of the game, which has counted far, then by the next.
func next_life(_wanted: Dictionary) -> void:
	var before: AgentVMManager = await _connected()
	var id: String = await before.create_agent()
	before._link._sequence = 9_000_000_000_000
	await before.move_agent(id, Vector3(1, 0, 0))
	before.queue_agent_position(id, Vector3(2, 0, 0))
	while before.get_known_agent(id)["position"]["x"] != 2.0:
		await get_tree().process_frame
	var after: AgentVMManager = AgentVMManager.new()
	after.game_id = before.game_id
	add_child(after)
	await after.connect_to_api("mock://?seed=7&speed=20&max_agents=300")
	_say("moved in the next life", await after.move_agent(id, Vector3(3, 0, 0)))
	after.queue_agent_position(id, Vector3(4, 0, 0))
	while after.get_known_agent(id)["position"]["x"] != 4.0:
		await get_tree().process_frame
	_say("queued in the next life", true)


## An idle game crosses the bridge zero times.
func idle(_wanted: Dictionary) -> void:
	var agents: AgentVMManager = await _connected()
	await agents.create_agent()
	await get_tree().create_timer(1.0).timeout
	var before: Dictionary = _crossings()
	await get_tree().create_timer(2.0).timeout
	_say("crossings", _crossings() == before)


## A manager freed while a call waits.
func freed(_wanted: Dictionary) -> void:
	var agents: AgentVMManager = await _connected()
	agents.request_failed.connect(func(error: AgentVMError) -> void: _say("code", error.code))
	_health.call(agents)
	agents.queue_free()
	await get_tree().create_timer(0.5).timeout
	var second: AgentVMManager = await _connected()
	_say("another", not (await second.create_agent()).is_empty())


func _health(agents: AgentVMManager) -> void:
	_say("ended with", await agents.get_health())


## A page whose script throws.
func throwing(_wanted: Dictionary) -> void:
	var agents: AgentVMManager = await _connected()
	_say("health", await agents.get_health())
	_say("code", agents.last_error.code)
	await agents.disconnect_from_api()
	_say("state", agents.connection_state)


## Ten thousand calls while the page is hidden, each of them answered once it is shown.
func hidden(_wanted: Dictionary) -> void:
	var agents: AgentVMManager = await _connected()
	var answers: Array[bool] = []
	for index: int in 10_000:
		_count.call(agents, answers)
	_say("asked", 10_000)
	while answers.size() < 10_000:
		await get_tree().process_frame
	_say("answered", answers.size())
	_say("well", answers.count(true))


func _count(agents: AgentVMManager, answers: Array[bool]) -> void:
	answers.append(not (await agents.get_health()).is_empty())


## Waits to be hidden and shown again, with agents at work meanwhile.
func shown_again(_wanted: Dictionary) -> void:
	var agents: AgentVMManager = await _connected()
	var ended: Array[String] = []
	agents.task_completed.connect(func(id: String, _output: String) -> void: ended.append(id))
	agents.task_failed.connect(func(id: String, _error: String) -> void: ended.append(id))
	var id: String = await agents.assign_task(await agents.create_agent(), "Work while nobody looks")
	_say("working", not id.is_empty())
	while not ended.has(id):
		await get_tree().process_frame
	_say("ended", true)
	_say("connected after", agents.is_connected_to_api())


## The autoload, with what the export's settings are.
func autoload(_wanted: Dictionary) -> void:
	var agents: AgentVMManager = get_node("/root/AgentVMManager")
	_say("connected", await agents.connect_to_api())
	_say("server", agents.server.get("name"))
	_say("key in the export", ProjectSettings.get_setting("agentvm/connection/api_key", ""))


## Positions that come to nothing: the same lines on every platform.
func refusals(wanted: Dictionary) -> void:
	var agents: AgentVMManager = AgentVMManager.new()
	add_child(agents)
	agents.agent_move_failed.connect(
		func(id: String, error: AgentVMError) -> void:
			_say("line refused", "%s %s %d %s: %s" % [id, error.code, error.http_status, error.operation, error.message])
	)
	await agents.connect_to_api(str(wanted.get("endpoint", "mock://?seed=7")), str(wanted.get("key", "")))
	var id: String = await agents.create_agent()
	for turn: int in 4:
		agents.queue_agent_position("agent_gone", Vector3.ONE * turn)
		agents.queue_agent_position(id, Vector3.ONE * turn)
		while agents.get_known_agent(id)["position"]["x"] != float(turn):
			await get_tree().process_frame
	_say("line moved", agents.get_known_agent(id)["position"])
	agents.queue_agent_position(id, Vector3(NAN, 0, 0))
	while not agents._link.positions.queue._positions.is_empty():
		await get_tree().process_frame
	agents._link._sequence = 0
	_say("line outdated", await agents.move_agent(id, Vector3.ZERO))
	_say("line because", agents.last_error.code)
	agents._link._sequence = 1_000
	_say("line moved again", await agents.move_agent(id, Vector3(7, 0, 0)))
	var some: Array[String] = await agents.move_agents([{"agent_id": "agent_gone", "position": Vector3.ZERO}])
	_say("line of many", some)


## Games that are left: those that asked to be kept are there still when the others are gone.
func keeping(wanted: Dictionary) -> void:
	var endpoint: String = str(wanted.get("endpoint", "mock://?seed=7&speed=40"))
	var key: String = str(wanted.get("key", ""))
	var looker: AgentVMManager = AgentVMManager.new()
	add_child(looker)
	await looker.connect_to_api(endpoint, key)
	var by_itself: AgentVMManager = await _joined(endpoint, key, true, "")
	ProjectSettings.set_setting("agentvm/connection/keep", true)
	var by_setting: AgentVMManager = await _joined(endpoint, key, false, "")
	ProjectSettings.set_setting("agentvm/connection/keep", null)
	var left: AgentVMManager = await _joined(endpoint, key, false, "")
	var games: Array[String] = [by_itself.game_id, by_setting.game_id, left.game_id]
	for agents: AgentVMManager in [by_itself, by_setting, left] as Array[AgentVMManager]:
		await agents.create_agent()
	_say("line agents", (await looker.get_system_status()).get("total_agents"))
	for agents: AgentVMManager in [by_itself, by_setting, left] as Array[AgentVMManager]:
		agents.free()
	while (await looker.get_system_status()).get("total_agents") == 3:
		await get_tree().process_frame
	for game: String in games:
		var again: AgentVMManager = await _joined(endpoint, key, false, game)
		_say("line kept", again.get_known_agents().size())


func _joined(endpoint: String, key: String, keep: bool, game_id: String) -> AgentVMManager:
	var agents: AgentVMManager = AgentVMManager.new()
	agents.keep = keep
	agents.game_id = game_id
	add_child(agents)
	await agents.connect_to_api(endpoint, key)
	return agents


## Work as a file of the game says; the page has loaded what that needs, or not.
func scripted(wanted: Dictionary) -> void:
	var agents: AgentVMManager = await _connected(str(wanted["endpoint"]))
	_say("loaded", JavaScriptBridge.get_interface("agentvmGodotScripts") != null)
	if agents.connection_state != "connected":
		return
	var ada: AgentVMAgent = agents.as_agent(await agents.create_agent("aider", {"name": "Ada"}))
	var failing: AgentVMTask = await ada.assign("Fix the JUMP")
	await failing.finished()
	_say("failed", failing.error)
	var asking: AgentVMTask = await ada.assign("Paint it")
	await _until(func() -> bool: return not asking.question.is_empty())
	_say("asked", asking.question["text"])
	_say("answered", await asking.answer("blue"))
	await asking.finished()
	_say("output", asking.output)


## A game that names no file of scripts.
func unscripted(_wanted: Dictionary) -> void:
	await _connected()
	_say("loaded", JavaScriptBridge.get_interface("agentvmGodotScripts") != null)


## Work that asks and changes something, on a server whose tasks say what: the page's way is that of everywhere.
func work(wanted: Dictionary) -> void:
	var agents: AgentVMManager = await _connected(str(wanted["endpoint"]))
	var told: Array[String] = []
	agents.question_answered.connect(
		func(_task: String, _id: String, answer: String, by: String) -> void: told.append("%s by %s" % [answer, by])
	)
	var ada: AgentVMAgent = agents.as_agent(await agents.create_agent("aider", {"name": "Ada"}))
	var asking: AgentVMTask = await ada.assign("The jump", "asking_leave")
	await _until(func() -> bool: return not asking.question.is_empty() and ada.state == "waiting")
	_say("asked", ",".join(Array(asking.question["options"]).map(func(option: Dictionary) -> String: return option["id"])))
	_say("about", asking.question["about"]["path"])
	var question_id: String = asking.question["question_id"]
	_say("no answer to it", "%s %s" % [await asking.answer("perhaps"), agents.last_error.code])
	_say("answered", await asking.answer("allow"))
	_say("again", "%s %s" % [await agents.answer_question(asking.id, "deny", question_id), agents.last_error.code])
	_say("why", agents.last_error.message.contains("the first answer counts: 'allow'"))
	_say("finished", await asking.finished())
	_say("diff", await asking.get_diff())
	_say("accepted", await asking.accept())
	_say("review", asking.changes["review"])
	_say("other verdict", "%s %s" % [await asking.discard(), agents.last_error.code])
	var conflict: AgentVMTask = await ada.assign("Something in conflict", "changing")
	await conflict.finished()
	_say("conflict", "%s %s" % [await conflict.accept(), agents.last_error.code])
	_say("files", str(agents.last_error.detail).contains("player.ts"))
	_say("discarded", await conflict.discard())
	var words: AgentVMTask = await ada.assign("The jump", "wording")
	await _until(func() -> bool: return not words.question.is_empty())
	_say("no diff", "%s%s" % [await words.get_diff(), agents.last_error.code])
	_say("words", await words.answer("Zoë's \"jump\" 😀"))
	await words.finished()
	_say("output", words.output)
	var late: AgentVMTask = await ada.assign("The jump", "asking")
	await late.finished()
	_say("late", late.output)
	var lines: Array[String] = []
	agents.task_output.connect(
		func(_task: String, text: String, stream: String) -> void: lines.append("%s %s" % [stream, text.strip_edges()])
	)
	var telling: AgentVMTask = await ada.assign("The jump", "telling")
	_say("watched", agents.watch_output(telling.id))
	await _until(func() -> bool: return lines.size() == 2)
	_say("lines", ", ".join(lines))
	_say("told", "; ".join(told))


func _until(truth: Callable) -> void:
	var end: int = Time.get_ticks_msec() + 60_000
	while not truth.call() and Time.get_ticks_msec() < end:
		await get_tree().process_frame
