extends "res://suite.gd"
## What an NPC shows, and what it does when it is pointed at.

const Figure = preload("res://addons/agentvm/scenes/parts/npc_figure.gd")
const Stage = preload("res://stage.gd")
const States = preload("res://addons/agentvm/scenes/parts/npc_states.gd")
const Tag = preload("res://addons/agentvm/scenes/parts/npc_tag.gd")


func _stage() -> Stage:
	var stage: Stage = Stage.new()
	add_child(stage)
	return stage


## Ids that an NPC, or a spawner, is asked for when it is clicked.
func _asked(node: Node) -> Array[String]:
	var asked: Array[String] = []
	node.connect(&"interaction_requested", func(id: String) -> void: asked.append(id))
	return asked


## Moves the viewer away from an NPC or to it, and tells how much is drawn of it then.
func _detail_at(stage: Stage, npc: AgentNPC3D, distance: float) -> int:
	stage.camera.position.z = distance
	await stage.frames(3)
	return npc.detail


## Less is drawn of an NPC the farther its viewer is, and nothing at last.
func test_less_with_distance() -> void:
	var stage: Stage = _stage()
	var npc: AgentNPC3D = stage.npc_3d()
	var told: Array[int] = []
	npc.detail_changed.connect(func(detail: int) -> void: told.append(detail))
	expect_equal(await _detail_at(stage, npc, 5.0), AgentNPC3D.DETAIL_FULL, "near")
	expect_equal(stage.count_meshes(), 1, "bodies near")
	expect_equal(await _detail_at(stage, npc, 45.0), AgentNPC3D.DETAIL_NO_PARTICLES, "at some distance")
	expect_equal(stage.count_meshes(), 1, "bodies at some distance")
	expect_equal(await _detail_at(stage, npc, 80.0), AgentNPC3D.DETAIL_LABEL_ONLY, "far")
	expect_equal(stage.count_meshes(), 0, "bodies far away")
	expect_equal(await _detail_at(stage, npc, 200.0), AgentNPC3D.DETAIL_HIDDEN, "very far")
	expect_equal(told, [0, 1, 2, 3] as Array[int], "told")


## Where two levels of detail meet, an NPC keeps the one that it has.
func test_keeps_its_level() -> void:
	var stage: Stage = _stage()
	var npc: AgentNPC3D = stage.npc_3d()
	expect_equal(await _detail_at(stage, npc, 29.0), AgentNPC3D.DETAIL_FULL, "before the end of a level")
	expect_equal(await _detail_at(stage, npc, 32.0), AgentNPC3D.DETAIL_FULL, "a little beyond it")
	expect_equal(await _detail_at(stage, npc, 35.0), AgentNPC3D.DETAIL_NO_PARTICLES, "well beyond it")
	expect_equal(await _detail_at(stage, npc, 32.0), AgentNPC3D.DETAIL_NO_PARTICLES, "a little beyond it, from afar")
	expect_equal(await _detail_at(stage, npc, 29.0), AgentNPC3D.DETAIL_FULL, "before it again")


## An NPC that matters more is drawn in full from farther away.
func test_reaches_farther() -> void:
	var stage: Stage = _stage()
	var npc: AgentNPC3D = stage.npc_3d()
	npc.detail_reach = 3.0
	expect_equal(await _detail_at(stage, npc, 80.0), AgentNPC3D.DETAIL_FULL, "detail")


## The frames of the next hundred in which an NPC that walks is moved.
func _steps(stage: Stage, npc: AgentNPC3D) -> int:
	var steps: int = 0
	var before: Vector3 = npc.position
	for frame: int in 100:
		await stage.frames(1)
		if npc.position != before:
			steps += 1
		before = npc.position
	return steps


## Who is far walks in fewer steps, and arrives all the same.
func test_far_ones_walk_in_fewer_steps() -> void:
	var stage: Stage = _stage()
	var npc: AgentNPC3D = stage.npc_3d()
	# So slow that it is still on its way, however long a frame takes.
	npc.walk_speed = 0.001
	await _detail_at(stage, npc, 5.0)
	npc.walk_to(Vector3(0.004, 0.0, 0.004))
	npc.walk_to(Vector3(8.0, 0.0, 0.0))
	var near: int = await _steps(stage, npc)
	await _detail_at(stage, npc, 80.0)
	var far: int = await _steps(stage, npc)
	expect(near >= 95, "near it is moved at every frame: %d of 100" % near)
	expect(far >= 20 and far <= 30, "far away it is moved at every fourth: %d of 100" % far)
	npc.walk_speed = 500.0
	await until(func() -> bool: return not npc.is_walking(), "its arrival")
	expect(npc.position.is_equal_approx(Vector3(8.0, 0.0, 0.0)), "where it arrives: %s" % npc.position)


## Many bodies are drawn together: some fine ones, and the rest coarse.
func test_draws_many_together() -> void:
	var stage: Stage = _stage()
	for index: int in 60:
		stage.npc_3d(Vector3(index % 10 - 5.0, 0.0, -floorf(index / 10.0)), "A%d" % index)
	await until(func() -> bool: return stage.count_meshes() == 2, "two meshes for sixty")
	for npc: Node in stage.get_children():
		if npc is AgentNPC3D:
			npc.queue_free()
	await until(func() -> bool: return stage.count_meshes() == 0, "none for nobody")


## The corners of all meshes that are drawn.
func _corners(from: Node) -> int:
	var count: int = 0
	var body: MeshInstance3D = from as MeshInstance3D
	if body != null and body.is_visible_in_tree() and body.mesh != null:
		count += (body.mesh.surface_get_arrays(0)[Mesh.ARRAY_VERTEX] as PackedVector3Array).size()
	for child: Node in from.get_children(true):
		count += _corners(child)
	return count


## A body that is not near is drawn with a tenth of the corners, also when none was near before.
func test_coarse_from_the_first() -> void:
	var stage: Stage = _stage()
	stage.camera.position.z = 45.0
	var npc: AgentNPC3D = stage.npc_3d()
	await stage.frames(3)
	expect_equal(npc.detail, AgentNPC3D.DETAIL_NO_PARTICLES, "detail")
	var far: int = _corners(stage)
	stage.camera.position.z = 5.0
	await stage.frames(3)
	var near: int = _corners(stage)
	expect(far > 0 and far * 10 < near, "corners from afar and near: %d, %d" % [far, near])


## A click on an NPC asks for its agent, and one beside it for nobody.
func test_click() -> void:
	var stage: Stage = _stage()
	var npc: AgentNPC3D = stage.npc_3d()
	var asked: Array[String] = _asked(npc)
	await stage.frames(3)
	stage.click(Vector2(20.0, 340.0))
	expect_equal(asked, [] as Array[String], "beside it")
	stage.click(stage.middle_of(npc))
	expect_equal(asked, ["agent_Ada"] as Array[String], "on it")


## Where one NPC stands before another, the nearer one is clicked.
func test_click_on_the_nearer() -> void:
	var stage: Stage = _stage()
	var behind: AgentNPC3D = stage.npc_3d(Vector3(0.0, 0.0, -3.0), "Behind")
	var before: AgentNPC3D = stage.npc_3d(Vector3(0.0, 0.0, 1.0), "Before")
	var asked: Array[String] = _asked(behind)
	before.interaction_requested.connect(func(id: String) -> void: asked.append(id))
	await stage.frames(3)
	stage.click(stage.middle_of(behind))
	expect_equal(asked, ["agent_Before"] as Array[String], "asked")


## The name of an NPC at the side of the screen is shown whole, and can be clicked.
func test_label_at_the_side() -> void:
	var stage: Stage = _stage()
	var npc: AgentNPC2D = stage.npc_2d(Vector2(636.0, 200.0), "Bartholomew the First")
	var asked: Array[String] = _asked(npc)
	await stage.frames(3)
	stage.click(Vector2(480.0, 115.0))
	expect_equal(asked, ["agent_Bartholomew the First"] as Array[String], "asked")


## What an NPC says is shown wherever it stands on the screen.
func test_speech_everywhere() -> void:
	var stage: Stage = _stage()
	for index: int in 3:
		var npc: AgentNPC2D = stage.npc_2d(Vector2(110.0 + 210.0 * index, 200.0 + 8.0 * index), "Ada %d" % index)
		npc.say("Hello", 60.0)
		await until(func() -> bool: return _label_of(npc) == Tag.SPEECH, "the bubble of %s" % npc.agent_name)


## Two who ask side by side both show their names and that they ask; one who stands in front and chats makes room.
func test_who_asks_is_seen() -> void:
	var stage: Stage = _stage()
	var chats: AgentNPC3D = stage.npc_3d(Vector3(0.1, 0.0, 0.6), "Chats")
	chats.say("Nice weather today, and I have much to tell about it", 60.0)
	var asking: Array[AgentNPC3D] = [
		stage.npc_3d(Vector3(-0.5, 0.0, 0.0), "Ada"), stage.npc_3d(Vector3(0.5, 0.0, 0.2), "Otto"),
	]
	for npc: AgentNPC3D in asking:
		npc.show_agent({"state": "waiting"})
		npc.say("May I write player.ts? The jump checks the floor late.", 60.0)
	for npc: AgentNPC3D in asking:
		await until(func() -> bool: return _label_of(npc) >= Tag.WORDS, "the label of %s" % npc.agent_name)
	await stage.frames(30)
	for npc: AgentNPC3D in asking:
		expect(_label_of(npc) >= Tag.WORDS, "%s shows its name" % npc.agent_name)


## How much of an NPC's label is drawn.
func _label_of(npc: Node) -> int:
	var figure: Figure = npc.get(&"_figure")
	return figure.tag.amount


## Where a machine draws so slowly that both ends of a click come late, it is a click all the same.
func test_slow_click() -> void:
	var stage: Stage = _stage()
	var npc: AgentNPC3D = stage.npc_3d()
	var asked: Array[String] = _asked(npc)
	await stage.frames(3)
	stage.press(stage.middle_of(npc), true)
	OS.delay_msec(700)
	stage.press(stage.middle_of(npc), false)
	expect_equal(asked, ["agent_Ada"] as Array[String], "asked")


## A press that drags the view is no click, and an NPC that is not interactive takes none.
func test_no_click() -> void:
	var stage: Stage = _stage()
	var npc: AgentNPC3D = stage.npc_3d()
	var asked: Array[String] = _asked(npc)
	await stage.frames(3)
	var at: Vector2 = stage.middle_of(npc)
	stage.press(at + Vector2(60.0, 0.0), true)
	stage.press(at, false)
	expect_equal(asked, [] as Array[String], "dragged")
	npc.interactive = false
	stage.click(at)
	expect_equal(asked, [] as Array[String], "not interactive")
	npc.interactive = true
	stage.click(at)
	expect_equal(asked, ["agent_Ada"] as Array[String], "interactive again")


## An NPC tells when it is pointed at, and when not any more.
func test_pointed() -> void:
	var stage: Stage = _stage()
	var npc: AgentNPC3D = stage.npc_3d()
	var told: Array[bool] = []
	npc.pointed_changed.connect(func(is_pointed: bool) -> void: told.append(is_pointed))
	await stage.frames(3)
	stage.point(stage.middle_of(npc))
	await stage.frames(2)
	expect_equal(told, [true] as Array[bool], "on it")
	stage.point(Vector2(20.0, 340.0))
	await stage.frames(2)
	expect_equal(told, [true, false] as Array[bool], "beside it")
	stage.point(stage.middle_of(npc))
	await stage.frames(2)
	npc.free()
	await stage.frames(2)
	expect_equal(told, [true, false, true, false] as Array[bool], "gone")


## What a finger does on the screen of the game, as the system reports it.
func _touch(at: Vector2, is_down: bool) -> void:
	var touch: InputEventScreenTouch = InputEventScreenTouch.new()
	touch.position = at
	touch.pressed = is_down
	Input.parse_input_event(touch)
	Input.flush_buffered_events()


## A tap asks once, whether the engine makes a mouse of the finger or not.
func test_tap() -> void:
	var npc: AgentNPC2D = Stage.NPC_2D.instantiate()
	npc.agent_id = "agent_1"
	npc.show_agent({"id": "agent_1", "name": "Ada"})
	npc.position = Vector2(100.0, 100.0)
	add_child(npc)
	var asked: Array[String] = _asked(npc)
	for frame: int in 3:
		await get_tree().process_frame
	for is_emulated: bool in [true, false]:
		asked.clear()
		Input.emulate_mouse_from_touch = is_emulated
		_touch(get_viewport().get_screen_transform() * Vector2(100.0, 70.0), true)
		_touch(get_viewport().get_screen_transform() * Vector2(100.0, 70.0), false)
		expect_equal(asked, ["agent_1"] as Array[String], "asked, a mouse made of the finger: %s" % is_emulated)
	Input.emulate_mouse_from_touch = true


## Every state that an agent can be in, and every end of a task, has a word and a shape of its own.
func test_states_are_told_apart() -> void:
	var words: Dictionary[String, bool] = {}
	var shapes: Dictionary[int, bool] = {}
	var states: Array[String] = [
		"idle", "thinking", "coding", "speaking", "moving", "collaborating", "error", "done", "failed", "cancelled",
	]
	for state: String in states:
		words[States.word_of(state)] = true
		shapes[States.index_of(state)] = true
	expect_equal(words.size(), states.size(), "words")
	expect_equal(shapes.size(), states.size(), "shapes")
	expect(not shapes.has(States.UNKNOWN), "none has the shape of what is unknown")
	expect_equal(States.word_of("dreaming"), "dreaming", "a state of a later server")
	expect_equal(States.index_of("dreaming"), States.UNKNOWN, "its shape")


## An NPC in 2D shows its agent, walks, says something, and is clicked.
func test_in_2d() -> void:
	var stage: Stage = _stage()
	var npc: AgentNPC2D = stage.npc_2d()
	var states: Array[String] = []
	npc.state_changed.connect(func(state: String) -> void: states.append(state))
	var arrivals: Array[Vector2] = []
	npc.arrived.connect(func() -> void: arrivals.append(npc.position))
	var asked: Array[String] = _asked(npc)
	npc.show_agent({"id": "agent_Ada", "name": "Grace", "state": "coding", "color": "#ff0000"})
	npc.say("Good morning")
	expect_equal(npc.agent_name, "Grace", "name")
	expect_equal(npc.state, "coding", "state")
	expect_equal(npc.color, Color.RED, "colour")
	expect_equal(states, ["coding"] as Array[String], "states")
	await stage.frames(3)
	expect_equal(npc.detail, AgentNPC2D.DETAIL_FULL, "detail")
	stage.click(npc.position - Vector2(0.0, 30.0))
	expect_equal(asked, ["agent_Ada"] as Array[String], "asked")
	npc.walk_speed = 2000.0
	npc.walk_to(Vector2(500.0, 250.0))
	expect(npc.is_walking(), "it is on its way")
	await until(func() -> bool: return not arrivals.is_empty(), "its arrival")
	expect_equal(arrivals, [Vector2(500.0, 250.0)] as Array[Vector2], "where it arrived")
	stage.click(Vector2(320.0, 170.0))
	expect_equal(asked.size(), 1, "where it stood before it is clicked no more")


## A game may free NPCs when one has arrived, that one among them.
func test_freed_on_arrival() -> void:
	var stage: Stage = _stage()
	var npcs: Array[AgentNPC3D] = []
	for index: int in 4:
		npcs.append(stage.npc_3d(Vector3(index, 0.0, 0.0), "A%d" % index))
	npcs[1].walk_speed = 1000.0
	npcs[1].arrived.connect(
		func() -> void:
			npcs[1].queue_free()
			stage.remove_child(npcs[1])
			stage.remove_child(npcs[3])
			npcs[3].queue_free()
	)
	npcs[1].walk_to(Vector3(0.0, 0.0, -2.0))
	await until(func() -> bool: return not is_instance_valid(npcs[1]), "its end")
	await stage.frames(3)
	var asked: Array[String] = _asked(npcs[2])
	stage.click(stage.middle_of(npcs[2]))
	expect_equal(asked, ["agent_A2"] as Array[String], "the others are there")


## In 2D, too, less is drawn of what a camera zooms out of.
func test_zoomed_out_in_2d() -> void:
	var stage: Stage = _stage()
	var view: Camera2D = Camera2D.new()
	stage.add_child(view)
	view.position = Vector2(320.0, 200.0)
	var npc: AgentNPC2D = stage.npc_2d()
	await stage.frames(4)
	expect_equal(npc.detail, AgentNPC2D.DETAIL_FULL, "as large as it is")
	view.zoom = Vector2(0.4, 0.4)
	await stage.frames(4)
	expect_equal(npc.detail, AgentNPC2D.DETAIL_NO_PARTICLES, "smaller")
	view.zoom = Vector2(0.2, 0.2)
	await stage.frames(4)
	expect_equal(npc.detail, AgentNPC2D.DETAIL_HIDDEN, "tiny")


## NPCs of both kinds follow their agent, and tell when it is gone.
func test_follows_its_agent() -> void:
	var agents: AgentVMManager = manager()
	await agents.connect_to_api(await serve(), "development-key")
	var id: String = await agents.create_agent("aider", {"name": "Ada", "position": Vector3(1.0, 2.0, 3.0)})
	var stage: Stage = _stage()
	var flat: AgentNPC2D = Stage.NPC_2D.instantiate()
	flat.pixels_per_unit = 10.0
	var solid: AgentNPC3D = Stage.NPC_3D.instantiate()
	var lost: Array[String] = []
	for npc: Node in [flat, solid]:
		npc.set(&"manager", agents)
		npc.set(&"agent_id", id)
		npc.set(&"walk_speed", 1000.0)
		npc.connect(&"agent_lost", func(of: String) -> void: lost.append(of))
		stage.add_child(npc)
	expect_equal(solid.agent_name, "Ada", "name")
	expect_equal(solid.position, Vector3(1.0, 2.0, 3.0), "where it stands at once")
	expect_equal(flat.position, Vector2(10.0, 20.0), "where it stands at once in 2D")
	await agents.move_agent(id, Vector3(4.0, 2.0, 5.0))
	await until(func() -> bool: return solid.position.is_equal_approx(Vector3(4.0, 2.0, 5.0)), "its walk")
	await until(func() -> bool: return flat.position.is_equal_approx(Vector2(40.0, 20.0)), "its walk in 2D")
	flat.follow_agent = false
	await agents.move_agent(id, Vector3.ZERO)
	await until(func() -> bool: return solid.position.is_zero_approx(), "its way back")
	expect(flat.position.is_equal_approx(Vector2(40.0, 20.0)), "who does not follow stays")
	await agents.remove_agent(id)
	await until(func() -> bool: return lost.size() == 2, "the loss")
	expect_equal(lost, [id, id] as Array[String], "who is lost")
	expect_equal(solid.agent_name, "Ada", "it stays as it was")


## An NPC without an agent, or in a scene without a manager, stands there and does nothing.
func test_without_manager() -> void:
	var stage: Stage = _stage()
	var npc: AgentNPC3D = Stage.NPC_3D.instantiate()
	stage.add_child(npc)
	npc.agent_id = "agent_1"
	await stage.frames(3)
	expect_equal(npc.agent_name, "", "name")
	expect_equal(npc.state, "idle", "state")
	stage.remove_child(npc)
	npc.agent_id = "agent_2"
	stage.add_child(npc)
	await stage.frames(3)
	expect_equal(npc.agent_id, "agent_2", "agent_id")
