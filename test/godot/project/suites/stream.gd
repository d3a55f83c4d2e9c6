extends "res://suite.gd"
## The event stream against a server that does as a script says.

var _seqs: Array[int] = []
var _lost: Array[int] = []
var _changes: Array[bool] = []


func _play(script: String) -> AgentVMManager:
	var agents: AgentVMManager = manager()
	agents.event_received.connect(func(event: Dictionary) -> void: _seqs.append(event["seq"]))
	agents.events_lost.connect(func(now: Array[Dictionary]) -> void: _lost.append(now.size()))
	agents.connection_status_changed.connect(func(connected: bool) -> void: _changes.append(connected))
	expect(await agents.connect_to_api(scripted(script), "key"), "connected: %s" % agents.last_error)
	return agents


func _seen(script: String) -> Dictionary:
	return await ask("seen", {"script": script})


func _told(seqs: Array[int]) -> void:
	await until(func() -> bool: return _seqs.size() >= seqs.size(), "the events")
	await get_tree().create_timer(0.2).timeout
	expect_equal(_seqs, seqs, "events told")


## An event that is missing is noticed, and the stream resumes from the last one that came.
func test_missing_event() -> void:
	await _play("gap")
	await _told([6, 7, 8, 9])
	var hellos: Array = (await _seen("gap")).get("hellos", [])
	expect_equal(hellos.size(), 2, "connections")
	expect_equal(hellos[1].get("resume"), {"epoch": "epoch_1", "seq": 6.0}, "resume")
	expect_equal(_lost.size(), 0, "nothing is lost")


## Ten events of a megabyte each, in one go, all arrive, whatever the engine has room for at a time.
func test_burst_of_large_events() -> void:
	await _play("burst")
	await _told([6, 7, 8, 9, 10, 11, 12, 13, 14, 15])
	expect_equal((await _seen("burst")).get("hellos", []).size(), 1, "connections")


## An event that comes again is told once.
func test_event_twice() -> void:
	await _play("twice")
	await _told([6, 7])


## Events lost for good are told once, with the agents as they are, and the stream goes on behind the snapshot.
func test_lost_events() -> void:
	await _play("lost")
	await _told([6, 23])
	expect_equal(_lost, [0] as Array[int], "events_lost")
	expect_equal(_changes, [true, false, true] as Array[bool], "changes")


## Moves stand beside the stream: they are told, use up no place in it, and are no gap for who comes back.
func test_moves() -> void:
	var places: Array[String] = []
	var agents: AgentVMManager = await _play("moves")
	agents.agent_moved.connect(func(id: String, at: Vector3) -> void: places.append("%s at %d" % [id, at.x]))
	await _told([5, 5, 6, 6, 6, 6, 7])
	var hellos: Array = (await _seen("moves")).get("hellos", [])
	expect_equal(hellos[1].get("resume"), {"epoch": "epoch_1", "seq": 6.0}, "resume")
	expect_equal(_lost.size(), 0, "nothing is lost")
	expect_equal(places.slice(-2), ["agent_a at 3", "agent_b at 4"] as Array[String], "the newest places")


## Moves that come while events are lost are told behind the snapshot, the newest of each agent, and none that is in it.
func test_moves_while_lost() -> void:
	await _play("lost-moves")
	await _told([6, 23, 23])


## A session that is over is opened again for the same game.
func test_expired_session() -> void:
	await _play("expired")
	await _told([6])
	var seen: Dictionary = await _seen("expired")
	expect_equal(seen.get("connects"), 2.0, "games connected")
	expect_equal(seen.get("gameIds"), [null, "game_1"], "the game's id")
	expect_equal(seen["hellos"][1].get("session_token"), "token_2", "the new token")


## Refused credentials are renewed once; refused again, the stream stops and says so.
func test_unauthorized() -> void:
	var agents: AgentVMManager = await _play("unauthorized")
	await until(func() -> bool: return agents.connection_state == "stopped", "the stop")
	expect_equal(agents.last_error.code, "unauthorized", "code")
	expect_equal(agents.last_error.operation, "connection", "operation")
	expect_equal((await _seen("unauthorized")).get("connects"), 2.0, "games connected")
	expect_equal(await agents.create_agent(), "", "a call afterwards")
	expect_equal(await agents.connect_to_api(scripted("twice"), "key"), true, "connecting again")


## A forbidden stream stops at once.
func test_forbidden() -> void:
	var agents: AgentVMManager = await _play("forbidden")
	await until(func() -> bool: return agents.connection_state == "stopped", "the stop")
	expect_equal((await _seen("forbidden")).get("connects"), 1.0, "games connected")


## A reader that was too slow resumes.
func test_slow_reader() -> void:
	await _play("slow")
	await _told([6])


## A server that is silent for two beats is taken for dead, and the stream comes back.
func test_silent_server() -> void:
	await _play("silent")
	await _told([6])


## A ping is answered with its own number, to the last digit.
func test_ping() -> void:
	await _play("ping")
	await get_tree().create_timer(0.3).timeout
	var pongs: Array = (await _seen("ping")).get("pongs", [])
	expect_equal(pongs, [{"type": "pong", "t": 1_757_000_000_123.0}], "pongs")


## A frame that cannot be read hides nothing: the stream resumes.
func test_garbage() -> void:
	await _play("garbage")
	await _told([6, 7])


## A long output comes whole.
func test_large_frame() -> void:
	var outputs: Array[int] = []
	var agents: AgentVMManager = manager()
	agents.task_completed.connect(func(_id: String, output: String) -> void: outputs.append(output.length()))
	await agents.connect_to_api(scripted("large"), "key")
	await until(func() -> bool: return outputs.size() > 0, "the event")
	expect_equal(outputs, [400_000] as Array[int], "length")


## Events that overtake the answer to their call wait for it.
func test_answers_come_first() -> void:
	var agents: AgentVMManager = await _play("early")
	var started: Array[String] = []
	agents.task_started.connect(func(of: String, _prompt: String) -> void: started.append(of))
	var id: String = await agents.assign_task("agent_1", "Work")
	expect_equal(started.size(), 0, "events before the answer")
	await get_tree().process_frame
	expect_equal(started, [id] as Array[String], "events after the answer")


## An event of a type that this addon does not know is told as it came.
func test_unknown_event() -> void:
	var agents: AgentVMManager = manager()
	var types: Array[String] = []
	agents.event_received.connect(func(event: Dictionary) -> void: types.append(str(event["type"])))
	await agents.connect_to_api(scripted("unknown"), "key")
	await until(func() -> bool: return types.has("weather.changed"), "the event")


## A server that sends frame after frame that cannot be used is let go of, and comes back after a while.
func test_frames_without_end() -> void:
	await _play("junk")
	await _told([6])
	expect_equal((await _seen("junk")).get("hellos", []).size(), 2, "connections")
