extends "res://suite.gd"
## The manager against a real server.

const KEY: String = "development-key"


func _connected(options: Dictionary = {}) -> AgentVMManager:
	var agents: AgentVMManager = manager()
	var url: String = await serve(options)
	var worked: bool = await agents.connect_to_api(url, KEY)
	expect(worked, "connected: %s" % agents.last_error)
	return agents


## Connecting tells the game, the limits and the server, and is said once.
func test_connects() -> void:
	var agents: AgentVMManager = manager()
	var changes: Array[bool] = []
	agents.connection_status_changed.connect(func(connected: bool) -> void: changes.append(connected))
	var url: String = await serve()
	expect_equal(await agents.connect_to_api(url, KEY), true, "connect_to_api")
	expect_equal(await agents.connect_to_api(url, KEY), true, "again, to the same place")
	expect_equal(changes, [true] as Array[bool], "changes")
	expect(agents.game_id.begins_with("game_"), "game_id")
	expect_equal(agents.limits.get("max_agents"), 1000, "limits")
	expect_equal(agents.server.get("version"), AgentVMManager.VERSION, "server")
	await agents.disconnect_from_api()
	expect_equal(changes, [true, false] as Array[bool], "changes after")
	expect_equal(await agents.create_agent(), "", "a call afterwards")
	expect_equal(agents.last_error.code, "not_connected", "code")


## A wrong key is refused in a word.
func test_wrong_key() -> void:
	var agents: AgentVMManager = manager()
	expect_equal(await agents.connect_to_api(await serve(), "wrong-secret"), false, "connect_to_api")
	expect_equal(agents.last_error.code, "forbidden", "code")
	expect_equal(agents.last_error.http_status, 403, "status")
	expect(not str(agents.last_error).contains("wrong-secret"), "the key is not told")


## An agent is created, read, listed, moved and removed.
func test_agents() -> void:
	var agents: AgentVMManager = await _connected()
	var created: Array[String] = []
	agents.agent_created.connect(func(new: Dictionary) -> void: created.append(str(new["id"])))
	var removed: Array[String] = []
	agents.agent_removed.connect(func(of: String) -> void: removed.append(of))
	var moved: Array[Vector3] = []
	agents.agent_moved.connect(func(_id: String, position: Vector3) -> void: moved.append(position))
	var metadata: Dictionary = {"ms": 1_757_000_000_123, "share": 0.1, "text": "日本語 😀", "big": 9_007_199_254_740_991}
	var options: Dictionary = {"name": "Ünïcøde 😀", "position": Vector3(1.5, 2, -3), "metadata": metadata}
	var id: String = await agents.create_agent("claude", options)
	expect(not id.is_empty(), "create_agent: %s" % agents.last_error)
	expect_equal(created.size(), 0, "events before the answer")
	expect_equal(agents.last_error, null, "last_error")
	var agent: Dictionary = await agents.get_agent(id)
	expect_equal(agent.get("name"), "Ünïcøde 😀", "name")
	expect_equal(agent.get("metadata"), metadata, "metadata")
	expect_equal(agent.get("position"), {"x": 1.5, "y": 2.0, "z": -3.0}, "position")
	expect_equal((await agents.list_agents({"type": "claude"})).size(), 1, "list")
	expect_equal((await agents.list_agents({"type": "aider"})).size(), 0, "filtered list")
	expect_equal((await agents.list_agent_types()).size(), 4, "types")
	expect_equal(await agents.move_agent(id, Vector3(4, 5, 6)), true, "move_agent")
	var both: Array[Dictionary] = [{"agent_id": id, "position": Vector3(7, 8, 9)}, {"agent_id": "agent_gone", "position": Vector3.ONE}]
	expect_equal(await agents.move_agents(both), [id] as Array[String], "move_agents")
	agents.queue_agent_position(id, Vector3(1, 1, 1))
	agents.queue_agent_position(id, Vector3(2, 2, 2))
	await until(func() -> bool: return moved.has(Vector3(2, 2, 2)), "the queued position's event")
	expect(not moved.has(Vector3(1, 1, 1)), "only the latest queued position is sent")
	expect_equal((await agents.get_game_agents()).size(), 1, "get_game_agents")
	expect_equal(agents.get_known_agent(id).get("position"), {"x": 2.0, "y": 2.0, "z": 2.0}, "known position")
	expect_equal(await agents.remove_agent(id), true, "remove_agent")
	await until(func() -> bool: return removed.has(id), "agent_removed")
	expect_equal(created, [id] as Array[String], "agent_created once")
	expect_equal(agents.get_known_agent(id), {}, "known no more")
	expect_equal(await agents.get_agent(id), {}, "get_agent of one that is gone")
	expect_equal(agents.last_error.code, "agent_not_found", "code")


## An agent goes where the game says after the game was started again, however far the life before had counted its moves.
func test_moves_of_the_next_life() -> void:
	var before: AgentVMManager = await _connected()
	var id: String = await before.create_agent()
	before._link._sequence = 9_000_000_000_000
	expect_equal(await before.move_agent(id, Vector3(1, 0, 0)), true, "move_agent")
	before.queue_agent_position(id, Vector3(2, 0, 0))
	await until(func() -> bool: return before.get_known_agent(id)["position"]["x"] == 2.0, "the queued position's event")
	var after: AgentVMManager = manager()
	after.game_id = before.game_id
	expect_equal(await after.connect_to_api(await serve(), KEY), true, "connected again")
	expect_equal(await after.move_agent(id, Vector3(3, 0, 0)), true, "move_agent in the next life")
	expect_equal(await after.move_agents([{"agent_id": id, "position": Vector3(4, 0, 0)}]), [id] as Array[String], "move_agents")
	after.queue_agent_position(id, Vector3(5, 0, 0))
	await until(func() -> bool: return after.get_known_agent(id)["position"]["x"] == 5.0, "the queued position's event in the next life")


## A task is followed from its assignment to its end, its id known before its first event.
func test_task() -> void:
	var agents: AgentVMManager = await _connected()
	var story: Array[String] = []
	var known: Array[String] = [""]
	agents.task_assigned.connect(func(of: String, _agent: String) -> void: story.append("assigned %s" % (of == known[0])))
	agents.task_started.connect(func(of: String, prompt: String) -> void: story.append("started %s %s" % [of == known[0], prompt]))
	var shares: Array[float] = []
	agents.task_progress.connect(func(_id: String, progress: float) -> void: shares.append(progress))
	var ends: Array[String] = []
	agents.task_completed.connect(func(_id: String, text: String) -> void: ends.append("completed " + text))
	agents.task_failed.connect(func(_id: String, error: String) -> void: ends.append("failed " + error))
	var states: Array[String] = []
	agents.agent_state_changed.connect(func(_id: String, state: String, _previous: String) -> void: states.append(state))
	var agent_id: String = await agents.create_agent("aider")
	known[0] = await agents.assign_task(agent_id, "Fix the jump", "debugging", {"priority": 5, "timeout": 900.5})
	expect(not known[0].is_empty(), "assign_task: %s" % agents.last_error)
	await until(func() -> bool: return ends.size() > 0, "the task's end")
	expect_equal(story, ["assigned true", "started true Fix the jump"] as Array[String], "story")
	expect(shares.size() > 2, "progress is told")
	expect(states.has("coding"), "the agent is seen coding")
	expect_equal(ends.size(), 1, "one end")
	var status: Dictionary = await agents.get_task_status(known[0])
	expect_equal(status.get("priority"), 5, "priority")
	expect_equal(status.get("timeout"), 900.5, "timeout")
	expect(["completed", "failed"].has(status.get("status")), "status")
	var output: Dictionary = await agents.get_task_output(known[0])
	expect_equal(output.get("done"), true, "output is done")
	expect_contains(str(output.get("text")), "Fix the jump", "output")
	var rest: Dictionary = await agents.get_task_output(known[0], int(output.get("next_offset")))
	expect_equal(rest.get("text"), "", "nothing after the end")
	expect_equal((await agents.list_tasks({"agent_id": agent_id})).size(), 1, "list_tasks")
	expect_equal(await agents.cancel_task(known[0]), false, "cancel a task that is over")
	expect_equal(agents.last_error.code, "task_not_cancellable", "code")


## The output of a task that is still running is read up to now, without waiting for its end.
func test_output_of_a_running_task() -> void:
	var agents: AgentVMManager = await _connected({"speed": 1})
	var id: String = await agents.assign_task(await agents.create_agent(), "Take a while")
	await until(func() -> bool: return agents.get_known_task(id).get("status") == "running", "the start")
	var output: Dictionary = await agents.get_task_output(id)
	expect_equal(output.get("done"), false, "done")
	expect_contains(str(output.get("text")), "Take a while", "text")
	expect_equal(await agents.cancel_task(id, "No need"), true, "cancel_task")
	await until(func() -> bool: return agents.get_known_task(id).get("status") == "cancelled", "the cancelling")


## A team works and is told to be done.
func test_team() -> void:
	var agents: AgentVMManager = await _connected()
	for type: String in ["aider", "opencode", "claude"]:
		await agents.create_agent(type)
	var ended: Array = []
	agents.team_completed.connect(
		func(team_id: String, members: Array[String], succeeded: int, failed: int) -> void:
			ended.append([team_id, members, succeeded + failed])
	)
	var ids: Array[String] = await agents.assign_collaborative_task("Implement multiplayer networking", 3)
	expect_equal(ids.size(), 3, "members: %s" % agents.last_error)
	expect_equal(ended.size(), 0, "not done before the answer")
	await until(func() -> bool: return ended.size() > 0, "team_completed")
	if ended.size() > 0:
		expect_equal(ended[0][1], ids, "tasks of the team")
		expect_equal(ended[0][2], 3, "every task is counted")


## A scene is described and told.
func test_scene() -> void:
	var agents: AgentVMManager = await _connected()
	var told: Array[int] = []
	agents.scene_updated.connect(func(_id: String, revision: int) -> void: told.append(revision))
	var scene: Dictionary = {"name": "Office", "workspaces": [{"id": "desk_1", "position": Vector3(1, 0, 2)}]}
	expect_equal((await agents.update_scene("office", scene)).get("revision"), 1, "revision")
	expect_equal((await agents.update_scene("office", scene)).get("revision"), 2, "revision")
	await until(func() -> bool: return told == ([1, 2] as Array[int]), "scene_updated")


## Health and status can be read.
func test_system() -> void:
	var agents: AgentVMManager = await _connected()
	expect_equal((await agents.get_health()).get("status"), "healthy", "health")
	expect((await agents.get_system_status()).get("total_agents") is int, "status")


## An empty prompt is refused before it is sent, one that is too long by the server.
func test_bad_prompts() -> void:
	var agents: AgentVMManager = await _connected()
	var agent_id: String = await agents.create_agent()
	for prompt: String in ["", "   \n"]:
		expect_equal(await agents.assign_task(agent_id, prompt), "", "blank prompt")
		expect_equal(agents.last_error.code, "invalid_request", "code")
		expect_equal((await agents.assign_collaborative_task(prompt, 2)).size(), 0, "blank prompt for a team")
	expect_equal(await agents.assign_task(agent_id, "x".repeat(20_000)), "", "long prompt")
	expect_equal(agents.last_error.http_status, 422, "status")
	expect(not (await agents.assign_task(agent_id, "Work")).is_empty(), "a good prompt still works")


## A team of 0, 1, 100 or less than none is refused, and one that there is no room for.
func test_bad_team_sizes() -> void:
	var agents: AgentVMManager = await _connected({"max_agents": 10})
	await agents.create_agent()
	for size: int in [-1, 0, 1, 11, 100]:
		expect_equal((await agents.assign_collaborative_task("Work", size)).size(), 0, "team of %d" % size)
		expect_equal(agents.last_error.code, "invalid_request", "code")
		expect_contains(agents.last_error.message, "2 and 10", "the message names the range")
	expect(not (await agents.assign_task("", "Work")).is_empty(), "the one agent is at work")
	expect_equal((await agents.assign_collaborative_task("Work", 10)).size(), 0, "no room for ten more")
	expect_equal(agents.last_error.code, "not_enough_idle_agents", "code")


## A team of three is three tasks on the first try: who is missing is made.
func test_team_where_nobody_is() -> void:
	var agents: AgentVMManager = await _connected()
	var tasks: Array[String] = await agents.assign_collaborative_task("Implement multiplayer", 3)
	expect_equal(tasks.size(), 3, "three ids")
	expect_equal((await agents.list_agents()).size(), 3, "three agents")


## A manager that is freed, as all are when the engine quits, has left its game by then.
func test_freed_manager_has_left() -> void:
	var url: String = await serve({"max_agents": 10})
	var first: AgentVMManager = manager()
	expect(await first.connect_to_api(url, KEY), "the first is connected")
	var second: AgentVMManager = manager()
	expect(await second.connect_to_api(url, KEY), "the second is connected")
	expect_contains(str((await second.get_system_status()).get("sessions")), "2", "sessions of both")
	first.free()
	expect_contains(str((await second.get_system_status()).get("sessions")), "1", "sessions of the second")


## A task for an agent that is gone is refused, whether it was here once or never.
func test_task_for_an_agent_that_is_gone() -> void:
	var agents: AgentVMManager = await _connected()
	var agent_id: String = await agents.create_agent()
	await agents.remove_agent(agent_id)
	for gone: String in [agent_id, "agent_never"]:
		expect_equal(await agents.assign_task(gone, "Work"), "", "assign_task")
		expect_equal(agents.last_error.code, "agent_not_found", "code")
		expect_equal(agents.last_error.operation, "assign_task", "operation")


## What makes no sense is refused with a reason, and the game goes on.
func test_bad_input() -> void:
	var agents: AgentVMManager = await _connected()
	var agent_id: String = await agents.create_agent()
	expect_equal(await agents.get_agent("../health?x=1"), {}, "an id that is none")
	expect_equal(agents.last_error.code, "invalid_request", "code")
	expect_equal(await agents.create_agent("no-such-type"), "", "unknown type")
	expect_equal(agents.last_error.http_status, 422, "status")
	expect_equal(await agents.create_agent("aider", {"colour": "red"}), "", "unknown option")
	expect_contains(agents.last_error.message, "colour", "the message names the field")
	expect_equal(await agents.create_agent("aider", {"position": Vector3(NAN, 0, 0)}), "", "not a number")
	expect_contains(agents.last_error.message, "body.position.x", "the message names the place")
	expect_equal(await agents.move_agent(agent_id, "there"), false, "no position")
	expect_equal((await agents.move_agents([])).size(), 0, "no moves")
	expect_equal(await agents.get_task_output("task_1", -1), {}, "negative offset")
	expect(not (await agents.create_agent("aider")).is_empty(), "a good call still works")
	expect_equal(agents.last_error, null, "last_error is cleared")


## A hundred calls at once each get their own answer.
func test_hundred_calls_at_once() -> void:
	var agents: AgentVMManager = await _connected()
	var names: Array[String] = []
	for index: int in 100:
		_create_named.call(agents, "Agent %d" % index, names)
	await until(func() -> bool: return names.size() == 100, "a hundred answers", 40.0)
	var wrong: int = 0
	for answer: String in names:
		wrong += 0 if answer == "right" else 1
	expect_equal(wrong, 0, "answers that met the wrong caller")
	expect_equal((await agents.list_agents()).size(), 100, "agents")


func _create_named(agents: AgentVMManager, wanted: String, names: Array[String]) -> void:
	var id: String = await agents.create_agent("aider", {"name": wanted})
	var agent: Dictionary = agents.get_known_agent(id)
	names.append("right" if agent.get("name") == wanted else "wrong: %s %s" % [id, agents.last_error])


## A manager that is freed while calls wait ends each of them with cancelled.
func test_freed_while_calls_wait() -> void:
	var agents: AgentVMManager = manager()
	await agents.connect_to_api(scripted("mute"), KEY)
	var codes: Array[String] = []
	agents.request_failed.connect(func(error: AgentVMError) -> void: codes.append(error.code))
	var ends: Array[String] = []
	for index: int in 5:
		_await_health.call(agents, ends)
	agents.queue_free()
	await until(func() -> bool: return ends.size() == 5, "the end of each call", 5.0)
	expect_equal(ends, ["{  }", "{  }", "{  }", "{  }", "{  }"] as Array[String], "values")
	expect_equal(codes, ["cancelled", "cancelled", "cancelled", "cancelled", "cancelled"] as Array[String], "codes")


func _await_health(agents: AgentVMManager, ends: Array[String]) -> void:
	ends.append(str(await agents.get_health()))


## A manager that leaves the tree while a call waits ends it; one that only moves to another parent does not.
func test_leaves_the_tree_while_a_call_waits() -> void:
	var agents: AgentVMManager = await _connected()
	var ends: Array[String] = []
	_await_health.call(agents, ends)
	var other: Node = Node.new()
	add_child(other)
	agents.reparent(other)
	await until(func() -> bool: return ends.size() == 1, "the answer")
	expect_contains(ends[0], "healthy", "a new parent does no harm")
	_await_health.call(agents, ends)
	other.remove_child(agents)
	await until(func() -> bool: return ends.size() == 2, "the end of the call", 5.0)
	expect_equal(ends[1], "{  }", "value")
	expect_equal(agents.last_error.code, "cancelled", "code")
	expect_equal(agents.is_connected_to_api(), false, "connected")
	agents.free()


## Connecting to another server lets the first one go.
func test_connects_elsewhere() -> void:
	var agents: AgentVMManager = await _connected()
	var id: String = await agents.create_agent()
	expect_equal(await agents.connect_to_api(await serve({"speed": 1}), KEY), true, "connect_to_api")
	expect_equal(await agents.get_agent(id), {}, "another server has other agents")


## Calls that are made while the connection is being made wait for it.
func test_calls_while_connecting() -> void:
	var agents: AgentVMManager = manager()
	var url: String = await serve()
	var ends: Array[String] = []
	_connect_only.call(agents, url)
	_await_health.call(agents, ends)
	expect_equal(await agents.connect_to_api(url, KEY), true, "joining the connection that is being made")
	await until(func() -> bool: return ends.size() == 1, "the answer")
	expect_contains(ends[0], "healthy", "value")


func _connect_only(agents: AgentVMManager, url: String) -> void:
	await agents.connect_to_api(url, KEY)


## Two games on one server see their own agents alone.
func test_two_games() -> void:
	var one: AgentVMManager = manager()
	var two: AgentVMManager = manager()
	var url: String = await serve()
	await one.connect_to_api(url, KEY)
	await two.connect_to_api(url, KEY)
	var foreign: Array[String] = []
	two.agent_created.connect(func(new: Dictionary) -> void: foreign.append(str(new["id"])))
	var id: String = await one.create_agent()
	expect_equal(await two.get_agent(id), {}, "another game's agent")
	expect_equal(two.last_error.code, "agent_not_found", "code")
	expect_equal((await two.list_agents()).size(), 0, "another game's list")
	expect_equal(foreign.size(), 0, "another game's events")
