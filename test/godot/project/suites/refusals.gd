extends "res://suite.gd"
## Positions that come to nothing, and that the game is told of them.

const KEY: String = "development-key"
const FAR: Vector3 = Vector3(1e9, 0, 0)


func _connected(told: Array[String]) -> AgentVMManager:
	var agents: AgentVMManager = manager()
	agents.agent_move_failed.connect(
		func(id: String, error: AgentVMError) -> void: told.append("%s %s" % [id, error.code])
	)
	expect(await agents.connect_to_api(await serve(), KEY), "connected: %s" % agents.last_error)
	return agents


## Waits until what was queued before has been answered: an answer stands behind that of what was sent before it.
func _arrived(agents: AgentVMManager) -> void:
	await until(func() -> bool: return agents._link.positions.queue._positions.is_empty(), "sent")
	await until(func() -> bool: return agents._link.positions._batches.is_empty(), "answered")


## A position for an agent that is not there is told once, however often it is queued, and hinders no other agent.
func test_agent_that_is_not_there() -> void:
	var told: Array[String] = []
	var agents: AgentVMManager = await _connected(told)
	var id: String = await agents.create_agent()
	for turn: int in 5:
		agents.queue_agent_position("agent_gone", Vector3.ONE * turn)
		agents.queue_agent_position(id, Vector3.ONE * turn)
		await _arrived(agents)
	expect_equal(told, ["agent_gone agent_not_found"] as Array[String], "told")
	var agent: Dictionary = await agents.get_agent(id)
	expect_equal(AgentVMManager.to_vector3(agent["position"]), Vector3.ONE * 4.0, "where the other one is")


## A refusal says what was queued, why, and what an answer over HTTP would have had.
func test_what_a_refusal_says() -> void:
	var errors: Array[AgentVMError] = []
	var agents: AgentVMManager = await _connected([])
	agents.agent_move_failed.connect(func(_id: String, error: AgentVMError) -> void: errors.append(error))
	agents.queue_agent_position("agent_gone", Vector3.ZERO)
	if not await until(func() -> bool: return errors.size() == 1, "the refusal"):
		return
	expect_equal(errors[0].operation, "queue_agent_position", "operation")
	expect_equal(errors[0].http_status, 404, "status")
	expect_contains(errors[0].message, "agent_gone", "message")
	expect(not errors[0].remediation.is_empty(), "a remedy")
	expect(agents.last_error == null, "last_error is that of calls alone")


## An agent whose positions are taken again is told anew when one is refused later.
func test_refused_taken_and_refused() -> void:
	var told: Array[String] = []
	var agents: AgentVMManager = await _connected(told)
	var id: String = await agents.create_agent()
	for place: Vector3 in [FAR, FAR, Vector3.ONE, FAR, Vector3(NAN, 0, 0), FAR]:
		agents.queue_agent_position(id, place)
		await _arrived(agents)
	var once: String = "%s invalid_request" % id
	expect_equal(told, [once, once] as Array[String], "told")


## Of a thousand agents that are not there each is told once, and not with each frame.
func test_thousand_refused() -> void:
	var told: Array[String] = []
	var agents: AgentVMManager = await _connected(told)
	for turn: int in 5:
		for index: int in 1_200:
			agents.queue_agent_position("agent_gone_%d" % index, Vector3.ONE * turn)
		await _arrived(agents)
	expect_equal(told.size(), 1_200, "told")


## A message that is refused as a whole is told for each of its agents, once.
func test_refused_as_a_whole() -> void:
	var told: Array[String] = []
	var agents: AgentVMManager = manager()
	agents.agent_move_failed.connect(
		func(id: String, error: AgentVMError) -> void: told.append("%s %s" % [id, error.code])
	)
	await agents.connect_to_api(scripted("refusing"), KEY)
	for turn: int in 3:
		agents.queue_agent_position("agent_1", Vector3.ONE * turn)
		agents.queue_agent_position("agent_2", Vector3.ONE * turn)
		await _arrived(agents)
	expect_equal(told, ["agent_1 storage_full", "agent_2 storage_full"] as Array[String], "told")


## Positions that were lost with the connection go out again when it is back, but of agents that have moved on.
func test_lost_with_the_connection() -> void:
	var told: Array[String] = []
	var agents: AgentVMManager = manager()
	agents.agent_move_failed.connect(func(id: String, _error: AgentVMError) -> void: told.append(id))
	await agents.connect_to_api(scripted("forgetful"), KEY)
	agents.queue_agent_position("agent_1", Vector3(1, 0, 0))
	agents.queue_agent_position("agent_2", Vector3(2, 0, 0), "hall")
	await until(func() -> bool: return not agents.is_connected_to_api(), "the loss of the connection")
	agents.queue_agent_position("agent_1", Vector3(3, 0, 0))
	await until(func() -> bool: return agents.is_connected_to_api(), "the connection's return")
	await _arrived(agents)
	var seen: Dictionary = await ask("seen", {"script": "forgetful"})
	var frames: Array = seen["positions"]
	expect_equal(frames.size(), 2, "frames")
	var places: Dictionary = {}
	for update: Dictionary in frames[-1]["updates"]:
		places[update["agent_id"]] = [update["position"]["x"], update.get("scene_id")]
	expect_equal(places, {"agent_1": [3.0, null], "agent_2": [2.0, "hall"]}, "what went out again")
	expect_equal(told.size(), 0, "told")


## A move that comes behind a newer one fails, and says so.
func test_outdated_move() -> void:
	var told: Array[String] = []
	var agents: AgentVMManager = await _connected(told)
	var failed: Array[String] = []
	agents.request_failed.connect(func(error: AgentVMError) -> void: failed.append(error.code))
	var id: String = await agents.create_agent()
	agents._link._sequence = 1_000
	expect_equal(await agents.move_agent(id, Vector3.ONE), true, "the newer one")
	agents._link._sequence = 0
	expect_equal(await agents.move_agent(id, Vector3.ZERO), false, "the older one")
	expect_equal(agents.last_error.code, "outdated", "code")
	expect_equal(agents.last_error.operation, "move_agent", "operation")
	expect_equal(failed, ["outdated"] as Array[String], "request_failed")
	agents.queue_agent_position(id, Vector3.ZERO)
	await _arrived(agents)
	expect_equal(told, ["%s outdated" % id] as Array[String], "of one that was queued")


## Of many that are moved in one call, each that was not is told.
func test_some_of_many() -> void:
	var told: Array[String] = []
	var agents: AgentVMManager = await _connected(told)
	var id: String = await agents.create_agent()
	var other: String = await agents.create_agent()
	agents._link._sequence = 1_000
	await agents.move_agent(other, Vector3.ONE)
	agents._link._sequence = 0
	var moved: Array[String] = await agents.move_agents(
		[
			{"agent_id": id, "position": Vector3.ONE},
			{"agent_id": other, "position": Vector3.ZERO},
			{"agent_id": "agent_gone", "position": Vector3.ZERO},
		]
	)
	expect_equal(moved, [id] as Array[String], "moved")
	expect_equal(told, ["%s outdated" % other, "agent_gone agent_not_found"] as Array[String], "told")
	expect_equal(agents.last_error.code, "agent_not_found", "last_error")
	expect_equal(agents.last_error.operation, "move_agents", "operation")


## Whoever is told of a refusal may leave the game there.
func test_leaving_at_a_refusal() -> void:
	var told: Array[String] = []
	var agents: AgentVMManager = await _connected(told)
	agents.agent_move_failed.connect(
		func(_id: String, _error: AgentVMError) -> void: agents.disconnect_from_api(), CONNECT_ONE_SHOT
	)
	for index: int in 10:
		agents.queue_agent_position("agent_gone_%d" % index, Vector3.ZERO)
		agents.queue_agent_position("agent_bad_%d" % index, Vector3(NAN, 0, 0))
	await until(func() -> bool: return agents.connection_state == "disconnected", "the end")
	expect(told.size() >= 1, "told")
