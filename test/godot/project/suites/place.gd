extends "res://suite.gd"
## Where the event stream is looked for.

const KEY: String = "development-key"
const SETTING: String = "agentvm/connection/websocket_url"


func _upgrades(script: String) -> Array:
	var seen: Dictionary = await ask("seen", {"script": script})
	return seen.get("upgrades", [])


func _hears_through(proxy: Dictionary) -> void:
	var agents: AgentVMManager = manager()
	var created: Array[String] = []
	agents.agent_created.connect(func(agent: Dictionary) -> void: created.append(agent["id"]))
	expect(await agents.connect_to_api(str(proxy.get("url")) + "/", KEY), "connected: %s" % agents.last_error)
	var made: String = await agents.create_agent()
	await until(func() -> bool: return created.has(made), "the event of the agent")
	await agents.disconnect_from_api()


## Behind a proxy that strips a path, events come through the proxy.
func test_prefix_proxy() -> void:
	await _hears_through(await ask("proxy"))


## Behind a proxy that gives the server another host, events come through the proxy.
func test_prefix_proxy_with_another_host() -> void:
	await _hears_through(await ask("proxy", {"host": "agents.internal:8000"}))


## A path below the endpoint's own that the server tells is taken, encrypted as the endpoint is.
func test_path_that_the_server_tells() -> void:
	var agents: AgentVMManager = manager()
	expect(await agents.connect_to_api(scripted("below"), "key"), "connected: %s" % agents.last_error)
	expect_equal(await _upgrades("below"), ["/scripted/below/events"], "upgrades")


## Another host that the server tells is not: it would be shown the token.
func test_host_that_the_server_tells() -> void:
	var agents: AgentVMManager = manager()
	expect(await agents.connect_to_api(scripted("elsewhere"), "key"), "connected: %s" % agents.last_error)
	expect_equal(await _upgrades("elsewhere"), ["/scripted/elsewhere/ws"], "upgrades")
	expect_equal(await _upgrades("nobody"), [], "upgrades of the other")


## The project's own address of the stream is used with the project's own endpoint, and with no other.
func test_address_in_the_settings() -> void:
	ProjectSettings.set_setting("agentvm/connection/endpoint", scripted("own"))
	ProjectSettings.set_setting(SETTING, scripted("named").replace("http://", "ws://") + "/live")
	var agents: AgentVMManager = manager()
	expect(await agents.connect_to_api("", "key"), "connected: %s" % agents.last_error)
	var other: AgentVMManager = manager()
	expect(await other.connect_to_api(scripted("other"), "key"), "connected: %s" % other.last_error)
	ProjectSettings.set_setting(SETTING, null)
	ProjectSettings.set_setting("agentvm/connection/endpoint", null)
	expect_equal(await _upgrades("named"), ["/scripted/named/live"], "upgrades")
	expect_equal(await _upgrades("other"), ["/scripted/other/ws"], "upgrades of the other")


## An address of the stream that cannot be used is refused with its setting's name.
func test_bad_address_in_the_settings() -> void:
	ProjectSettings.set_setting("agentvm/connection/endpoint", scripted("own"))
	ProjectSettings.set_setting(SETTING, "http://localhost:8000")
	var agents: AgentVMManager = manager()
	expect(not await agents.connect_to_api("", "key"), "refused")
	ProjectSettings.set_setting(SETTING, null)
	ProjectSettings.set_setting("agentvm/connection/endpoint", null)
	expect_equal(agents.last_error.code, "invalid_endpoint", "code")
	expect_contains(agents.last_error.message, SETTING, "message")
