extends "res://suite.gd"
## What games of the first plugin call.


## run_agent returns an id at once, and the signals carry it.
func test_run_agent() -> void:
	var agents: AgentVMManager = manager()
	expect_equal(agents.run_agent("Too early"), "", "before connecting")
	await agents.connect_to_api(await serve(), "development-key")
	var told: Array[String] = []
	agents.task_started.connect(func(of: String, prompt: String) -> void: told.append("%s started %s" % [of, prompt]))
	var ends: Array[String] = []
	agents.task_completed.connect(func(of: String, _output: String) -> void: ends.append(of))
	agents.task_failed.connect(func(of: String, _error: String) -> void: ends.append(of))
	var id: String = agents.run_agent("Fix any errors", "claude")
	expect(not id.is_empty(), "an id at once")
	await until(func() -> bool: return ends.has(id), "its end under the same id")
	expect_equal(told, ["%s started Fix any errors" % id] as Array[String], "its start under the same id")
	expect_equal((await agents.get_task_status(id)).get("prompt"), "Fix any errors", "its status")
	expect_equal(agents.get_active_tasks().size(), 0, "active tasks")
	expect_equal(agents.get_task_history().size(), 1, "history")
	expect_equal(agents.get("is_connected"), true, "is_connected")


## The variables of the first plugin still name the server.
func test_old_variables() -> void:
	var agents: AgentVMManager = manager()
	agents.api_url = await serve()
	agents.api_key = "development-key"
	agents.default_agent = "opencode"
	expect_equal(await agents.connect_to_api(), true, "connect_to_api")
	expect_equal((await agents.get_agent(await agents.create_agent())).get("type"), "opencode", "default_agent")


## config.ini is read where the project settings say nothing.
func test_config_ini() -> void:
	var url: String = await serve()
	var file: ConfigFile = ConfigFile.new()
	file.set_value("api", "url", url)
	file.set_value("api", "key", "development-key")
	file.set_value("agent", "default", "claude")
	file.save("res://addons/agentvm/config.ini")
	var agents: AgentVMManager = manager()
	expect_equal(await agents.connect_to_api(), true, "connect_to_api: %s" % agents.last_error)
	expect_equal((await agents.get_agent(await agents.create_agent())).get("type"), "claude", "default")
	DirAccess.remove_absolute("res://addons/agentvm/config.ini")
