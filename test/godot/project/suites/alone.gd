extends "res://suite.gd"
## A manager with no server.


## Every call before connecting returns its empty value and says not_connected.
func test_calls_before_connecting() -> void:
	var agents: AgentVMManager = manager()
	var failures: Array[String] = []
	agents.request_failed.connect(
		func(error: AgentVMError) -> void: failures.append("%s %s" % [error.operation, error.code])
	)
	expect_equal(await agents.create_agent("aider"), "", "create_agent")
	expect_equal(await agents.get_agent("agent_1"), {}, "get_agent")
	expect_equal((await agents.list_agents()).size(), 0, "list_agents")
	expect_equal((await agents.list_agent_types()).size(), 0, "list_agent_types")
	expect_equal(await agents.move_agent("agent_1", Vector3.ONE), false, "move_agent")
	expect_equal((await agents.move_agents([{"agent_id": "agent_1", "position": Vector3.ONE}])).size(), 0, "move_agents")
	expect_equal(await agents.remove_agent("agent_1"), false, "remove_agent")
	expect_equal(await agents.assign_task("agent_1", "Work"), "", "assign_task")
	expect_equal((await agents.assign_collaborative_task("Work", 3)).size(), 0, "assign_collaborative_task")
	expect_equal(await agents.get_task_status("task_1"), {}, "get_task_status")
	expect_equal((await agents.list_tasks()).size(), 0, "list_tasks")
	expect_equal(await agents.get_task_output("task_1"), {}, "get_task_output")
	expect_equal(await agents.cancel_task("task_1"), false, "cancel_task")
	expect_equal(await agents.update_scene("office", {"game_id": "game_1"}), {}, "update_scene")
	expect_equal((await agents.get_game_agents("game_1")).size(), 0, "get_game_agents")
	expect_equal(await agents.get_health(), {}, "get_health")
	expect_equal(await agents.get_system_status(), {}, "get_system_status")
	expect_equal(failures.size(), 17, "failures told")
	for failure: String in failures:
		expect_contains(failure, "not_connected", "code")
	agents.queue_agent_position("agent_1", Vector3.ONE)
	await agents.disconnect_from_api()
	expect_equal(agents.get_known_agents().size(), 0, "known agents")


## A manager that is not in the tree, or not any more, says so at once.
func test_calls_outside_the_tree() -> void:
	var agents: AgentVMManager = AgentVMManager.new()
	expect_equal(await agents.connect_to_api("http://127.0.0.1:1"), false, "connect_to_api")
	expect_equal(agents.last_error.code, "not_in_tree", "code before")
	add_child(agents)
	remove_child(agents)
	expect_equal(await agents.create_agent("aider"), "", "create_agent")
	expect_equal(agents.last_error.code, "not_in_tree", "code after")
	agents.free()


## A game that gives its chance a seed, for its replays, is neither named alike in each life nor disturbed.
func test_names_with_a_seed() -> void:
	seed(7)
	var undisturbed: int = randi()
	seed(7)
	var first: AgentVMManager = manager()
	var key: String = first._link.make("gameConnect").idempotency_key
	expect_equal(randi(), undisturbed, "the game's next number")
	seed(7)
	var second: AgentVMManager = manager()
	expect(first._link.client_id != second._link.client_id, "names of clients")
	expect(key != second._link.make("gameConnect").idempotency_key, "names of calls")


## An endpoint that is not a URL is refused before anything is sent.
func test_endpoint_that_is_no_url() -> void:
	var agents: AgentVMManager = manager()
	expect_equal(await agents.connect_to_api("not a url", "key"), false, "connect_to_api")
	expect_equal(agents.last_error.code, "invalid_endpoint", "code")
	expect_equal(agents.last_error.operation, "connect_to_api", "operation")
	expect(not agents.last_error.remediation.is_empty(), "it says what to do")


## The embedded backend is told to be for web exports.
func test_mock_outside_the_web() -> void:
	var agents: AgentVMManager = manager()
	expect_equal(await agents.connect_to_api("mock://?seed=7"), false, "connect_to_api")
	expect_contains(agents.last_error.remediation, "agentvm serve", "remediation")


## Where nobody listens, connecting fails within seconds and can be tried again.
func test_nobody_listens() -> void:
	var agents: AgentVMManager = manager()
	var changes: Array[bool] = []
	agents.connection_status_changed.connect(func(connected: bool) -> void: changes.append(connected))
	expect_equal(await agents.connect_to_api("http://127.0.0.1:1", "key"), false, "connect_to_api")
	expect_equal(agents.last_error.code, "network_error", "code")
	expect(agents.last_error.retryable, "retryable")
	expect_equal(agents.connection_state, "disconnected", "state")
	expect_equal(changes.size(), 0, "a connection that never was is not told")


## A key that no header can hold is refused and not repeated.
func test_key_with_a_line_break() -> void:
	var agents: AgentVMManager = manager()
	expect_equal(await agents.connect_to_api("http://127.0.0.1:1", "secret\r\nX-Evil: 1"), false, "connect_to_api")
	expect_equal(agents.last_error.code, "invalid_request", "code")
	expect(not str(agents.last_error).contains("secret"), "the key is not told")
