extends "res://suite.gd"
## A server that comes and goes.

const KEY: String = "development-key"


## A server that is killed and started again is found again: the game goes on with its id, and is told what was lost.
func test_killed_and_restarted() -> void:
	var agents: AgentVMManager = manager()
	var changes: Array[bool] = []
	agents.connection_status_changed.connect(func(connected: bool) -> void: changes.append(connected))
	var lost: Array[int] = []
	agents.events_lost.connect(func(now: Array[Dictionary]) -> void: lost.append(now.size()))
	var url: String = await serve({"max_agents": 10})
	await agents.connect_to_api(url, KEY)
	var game_id: String = agents.game_id
	await agents.create_agent()
	await ask("kill", {"url": url})
	await until(func() -> bool: return not agents.is_connected_to_api(), "the loss of the connection")
	expect_equal(agents.connection_state, "reconnecting", "state")
	expect_equal(await agents.create_agent(), "", "a call meanwhile")
	expect_equal(agents.last_error.code, "network_error", "code")
	await serve({"port": url.get_slice(":", 2).to_int()})
	await until(func() -> bool: return agents.is_connected_to_api(), "the connection's return", 40.0)
	expect_equal(changes, [true, false, true] as Array[bool], "changes")
	expect_equal(agents.game_id, game_id, "game_id")
	expect_equal(lost, [0] as Array[int], "events_lost, with the agents that there are now")
	expect_equal(agents.get_known_agents().size(), 0, "known agents")
	var seen: Array[String] = []
	agents.agent_created.connect(func(new: Dictionary) -> void: seen.append(str(new["id"])))
	var id: String = await agents.create_agent()
	expect(not id.is_empty(), "a call afterwards: %s" % agents.last_error)
	await until(func() -> bool: return seen.has(id), "its event")


## A call that meets the restarted server before the stream does connects the game again by itself.
func test_call_after_restart() -> void:
	var agents: AgentVMManager = manager()
	var url: String = await serve({"max_agents": 10})
	await agents.connect_to_api(url, KEY)
	await ask("kill", {"url": url})
	await serve({"port": url.get_slice(":", 2).to_int()})
	expect(not (await agents.create_agent()).is_empty(), "create_agent: %s" % agents.last_error)


## A server that is down at the start and comes up later is reached by trying again.
func test_down_at_start() -> void:
	var agents: AgentVMManager = manager()
	var url: String = await serve({"max_agents": 10})
	await ask("kill", {"url": url})
	expect_equal(await agents.connect_to_api(url, KEY), false, "while it is down")
	await serve({"port": url.get_slice(":", 2).to_int()})
	expect_equal(await agents.connect_to_api(url, KEY), true, "once it is up: %s" % agents.last_error)


## The autoload keeps trying until a server is there, then keeps idle agents ready.
func test_autoload_waits_for_the_server() -> void:
	var url: String = await serve({"max_agents": 10})
	await ask("kill", {"url": url})
	ProjectSettings.set_setting("agentvm/connection/endpoint", url)
	var script: GDScript = load("res://addons/agentvm/agentvm_autoload.gd")
	var agents: AgentVMManager = script.new()
	agents.name = "AgentVM"
	get_tree().root.add_child(agents)
	expect_equal(str(agents.name), "AgentVMManager", "the name that old games look for")
	await get_tree().create_timer(1.0).timeout
	expect_equal(agents.is_connected_to_api(), false, "connected without a server")
	await serve({"port": url.get_slice(":", 2).to_int()})
	await until(func() -> bool: return agents.is_connected_to_api(), "the connection")
	await until(func() -> bool: return agents.get_known_agents().size() == 2, "two idle agents")
	agents.queue_free()
	ProjectSettings.set_setting("agentvm/connection/endpoint", null)
	await get_tree().process_frame
