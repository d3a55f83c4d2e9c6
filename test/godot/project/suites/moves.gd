extends "res://suite.gd"
## Moves on their way out and in.

const Gate = preload("res://addons/agentvm/core/event_gate.gd")
const MoveRows = preload("res://addons/agentvm/web/move_rows.gd")
const PositionBatch = preload("res://addons/agentvm/core/position_batch.gd")
const PositionQueue = preload("res://addons/agentvm/core/position_queue.gd")
const Request = preload("res://addons/agentvm/core/request.gd")
const Wire = preload("res://addons/agentvm/core/wire.gd")


func _taken(queue: PositionQueue, sequence: int) -> Array[Dictionary]:
	var read: Array[Dictionary] = []
	for batch: PositionBatch in queue.take(sequence):
		expect(batch.updates.size() <= 1_000, "no more than one message holds")
		for encoded: String in batch.updates:
			read.append(Wire.decode_object(encoded))
	return read


## Positions are sent as they are given, the latest of each agent alone, and those that cannot be sent are left out and told.
func test_positions_of_many() -> void:
	var queue: PositionQueue = PositionQueue.new()
	expect_equal(queue.is_due(), false, "due with nothing to send")
	var refused: Array[String] = []
	queue.refused.connect(func(id: String, error: AgentVMError) -> void: refused.append("%s %s" % [id, error.code]))
	queue.put("agent_1", Vector3(9, 9, 9), "hall")
	queue.put("agent_1", Vector3(1.5, -2.25, 1e9), "")
	queue.put("a-\"b\"", Vector3(1e-6, 0.1, -0.0), "")
	queue.put("agent_2", Vector3(NAN, 0, 0), "")
	queue.put("agent_3", {"x": INF, "y": 0, "z": 0}, "")
	queue.put("agent_3b", Vector3(0, -INF, 0), "office")
	queue.put("agent_4", Vector2(3, 4), "office")
	expect_equal(queue.is_due(), true, "due at once")
	var sent: Array[Dictionary] = _taken(queue, 1_757_000_000_123)
	expect_equal(sent.map(func(one: Dictionary) -> Variant: return one["agent_id"]), ["agent_1", "a-\"b\"", "agent_4"], "ids")
	var codes: Array[String] = ["agent_2 invalid_request", "agent_3 invalid_request", "agent_3b invalid_request"]
	expect_equal(refused, codes, "refused")
	expect_equal(sent[0].has("scene_id"), false, "a scene that the latest does not name")
	expect_equal(sent[0]["sequence"], 1_757_000_000_123, "sequence")
	expect_equal(sent[1]["position"], {"x": 1e-6, "y": 0.1, "z": 0.0}, "the fewest digits")
	expect_equal(sent[2]["position"], {"x": 3.0, "y": 4.0, "z": 0.0}, "a place on a plane")
	expect_equal(sent[2]["scene_id"], "office", "scene")
	expect_equal(_taken(queue, 2).size(), 0, "nothing is sent twice")


## Any position comes back as the very same vector, whichever way it is sent.
func test_positions_survive() -> void:
	var chance: RandomNumberGenerator = RandomNumberGenerator.new()
	chance.seed = 7
	var queue: PositionQueue = PositionQueue.new()
	var given: Dictionary[String, Vector3] = {}
	for index: int in 2_000:
		var at: Vector3 = Vector3.ZERO
		for axis: int in 3:
			at[axis] = chance.randf_range(-1.0, 1.0) * pow(10.0, chance.randf_range(-30.0, 30.0))
		given["agent_%d" % index] = at
		# With a scene it goes the long way.
		queue.put("agent_%d" % index, at, "office" if index % 2 == 0 else "")
	var changed: int = 0
	var sent: Array[Dictionary] = _taken(queue, 1)
	expect_equal(sent.size(), 2_000, "positions")
	for update: Dictionary in sent:
		changed += 0 if Wire.to_vector(update["position"]) == given[update["agent_id"]] else 1
	expect_equal(changed, 0, "positions that were changed")


## Moves that the page sent in rows are the events that they would have been alone.
func test_rows() -> void:
	var push: String = (
		"{\"epoch\":\"e\",\"timestamp\":\"t\",\"game_id\":\"g\",\"rows\":[[12,\"a\",1,2.5,-3,null,7],[13,\"b\",0,0,0,\"office\",null]]}"
	)
	var alone: String = (
		"{\"type\":\"agent.moved\",\"epoch\":\"e\",\"seq\":%d,\"timestamp\":\"%s\",\"game_id\":\"g\",\"data\":{\"agent_id\":\"%s\","
		+ "\"position\":{\"x\":%s,\"y\":%s,\"z\":%s},\"scene_id\":%s,\"sequence\":%s}}"
	)
	var events: Array[Dictionary] = MoveRows.events(Wire.read_object(push))
	expect_equal(events.size(), 2, "events")
	expect_equal(events[0], Wire.decode_object(alone % [12, "t", "a", 1, 2.5, -3, "null", 7]), "first")
	expect_equal(events[1], Wire.decode_object(alone % [13, "t", "b", 0, 0, 0, "\"office\"", "null"]), "second")
	expect_equal(typeof(events[0]["seq"]), TYPE_INT, "type of seq")
	expect_equal(typeof(events[0]["data"]["position"]["x"]), TYPE_FLOAT, "type of x")


func _move(agent_id: String, scene_id: Variant = null) -> Dictionary:
	return {"type": "agent.moved", "data": {"agent_id": agent_id, "scene_id": scene_id}}


## Moves wait for a call that may be making their agent or is about their scene, and those behind them with them.
func test_moves_wait_for_calls() -> void:
	var gate: Gate = Gate.new()
	var told: Array[String] = []
	gate.released.connect(func(event: Dictionary) -> void: told.append(str(event["data"]["agent_id"])))
	gate.push(_move("known", "hall"))
	var creation: Request = Request.new()
	creation.id = 1
	creation.creates = true
	gate.begin(creation)
	gate.push(_move("known", "hall"))
	expect_equal(told, ["known", "known"] as Array[String], "an agent and a scene that are known")
	gate.push(_move("new"))
	gate.push(_move("known"))
	expect_equal(told.size(), 2, "while the call is under way")
	creation.succeed({"agent_id": "new"})
	gate.end(creation)
	expect_equal(told, ["known", "known", "new", "known"] as Array[String], "once it has returned")
	var description: Request = Request.new()
	description.id = 2
	description.subjects = ["hall"]
	gate.begin(description)
	gate.push(_move("known", "hall"))
	expect_equal(told.size(), 4, "a call about the scene")
	gate.end(description)
	expect_equal(told.size(), 5, "after it")


## An event that comes while another is told is told behind it.
func test_events_within_events() -> void:
	var gate: Gate = Gate.new()
	var told: Array[String] = []
	gate.released.connect(
		func(event: Dictionary) -> void:
			var id: String = event["data"]["agent_id"]
			if id == "first":
				gate.push(_move("second"))
			told.append(id)
	)
	gate.push(_move("first"))
	expect_equal(told, ["first", "second"] as Array[String], "order")


## However often agents move while a call is under way, what waits for it waits, and the newest place of each is told in the end.
func test_many_moves_wait_for_a_call() -> void:
	var gate: Gate = Gate.new()
	var told: Array[Dictionary] = []
	gate.released.connect(func(event: Dictionary) -> void: told.append(event))
	var creation: Request = Request.new()
	creation.id = 1
	creation.creates = true
	gate.begin(creation)
	gate.push({"type": "agent.created", "data": {"agent": {"id": "new"}}})
	for x: int in 20_000:
		var move: Dictionary = _move("agent_%d" % (x % 100))
		move["data"]["position"] = {"x": x}
		gate.push(move)
	expect_equal(told.size(), 0, "while the call is under way")
	gate.end(creation)
	expect_equal(told[0]["type"], "agent.created", "first")
	expect(told.size() < 2_000, "moves that were overtaken are let go, %d are left" % told.size())
	var places: Dictionary[String, int] = {}
	for event: Dictionary in told.slice(1):
		var id: String = event["data"]["agent_id"]
		expect(event["data"]["position"]["x"] > places.get(id, -1), "no place before an older one")
		places[id] = event["data"]["position"]["x"]
	expect_equal(places.size(), 100, "agents")
	expect_equal(places["agent_7"], 19_907, "the newest place")
