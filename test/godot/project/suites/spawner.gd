extends "res://suite.gd"
## A spawner and the NPCs that it makes, against a real server.

const Stage = preload("res://stage.gd")


func _connected() -> AgentVMManager:
	var agents: AgentVMManager = manager()
	expect(await agents.connect_to_api(await serve(), "development-key"), "connected: %s" % agents.last_error)
	return agents


## A spawner that is not in the tree yet.
func _spawner(agents: AgentVMManager) -> AgentSpawner:
	var spawner: AgentSpawner = AgentSpawner.new()
	spawner.manager = agents
	return spawner


func _until_shown(spawner: AgentSpawner, count: int) -> bool:
	return await until(func() -> bool: return spawner.get_npcs().size() == count, "%d NPCs" % count)


## An NPC comes with its agent and goes with it, and the next agent gets the same one.
func test_reuses_npcs() -> void:
	var agents: AgentVMManager = await _connected()
	var stage: Stage = Stage.new()
	add_child(stage)
	var spawner: AgentSpawner = _spawner(agents)
	var freed: Array[String] = []
	spawner.npc_freed.connect(func(_npc: Node, id: String) -> void: freed.append(id))
	stage.add_child(spawner)
	var first: String = await agents.create_agent("aider", {"name": "Ada"})
	var second: String = await agents.create_agent("claude", {"name": "Grace"})
	await _until_shown(spawner, 2)
	var npc: AgentNPC3D = spawner.get_npc(first)
	expect_equal(npc.agent_name, "Ada", "name")
	expect_equal(npc.get_parent(), stage, "parent")
	await agents.remove_agent(first)
	await _until_shown(spawner, 1)
	expect_equal(freed, [first] as Array[String], "who went")
	expect_equal(spawner.get_npc(first), null, "the NPC of who went")
	expect_equal(spawner.get_pooled_count(), 1, "kept for later")
	expect(not npc.is_inside_tree(), "it is out of the scene")
	var third: String = await agents.create_agent("aider", {"name": "Linus", "position": Vector3(2.0, 0.0, 0.0)})
	await _until_shown(spawner, 2)
	expect_equal(spawner.get_npc(third), npc, "the NPC of the next agent")
	expect_equal(spawner.get_pooled_count(), 0, "kept for later then")
	expect_equal(npc.agent_name, "Linus", "its name then")
	expect_equal(npc.agent_id, third, "its agent then")
	expect_equal(npc.position, Vector3(2.0, 0.0, 0.0), "its place then")
	expect(spawner.get_npc(second) != npc, "the others keep theirs")


## What does not fit into the pool is freed.
func test_pool_is_bounded() -> void:
	var agents: AgentVMManager = await _connected()
	var spawner: AgentSpawner = _spawner(agents)
	spawner.pool_size = 1
	add_child(spawner)
	var ids: Array[String] = []
	for index: int in 3:
		ids.append(await agents.create_agent())
	await _until_shown(spawner, 3)
	var npcs: Array[Node] = spawner.get_npcs()
	for id: String in ids:
		await agents.remove_agent(id)
	await _until_shown(spawner, 0)
	await get_tree().process_frame
	expect_equal(spawner.get_pooled_count(), 1, "kept")
	expect_equal(npcs.filter(func(npc: Variant) -> bool: return is_instance_valid(npc)).size(), 1, "not freed")
	spawner.free()
	expect_equal(npcs.filter(func(npc: Variant) -> bool: return is_instance_valid(npc)).size(), 0, "left of the pool after the spawner")


## No more NPCs are made than the spawner may, and more when it may.
func test_maximum() -> void:
	var agents: AgentVMManager = await _connected()
	for index: int in 4:
		await agents.create_agent()
	var spawner: AgentSpawner = _spawner(agents)
	spawner.maximum = 2
	add_child(spawner)
	await _until_shown(spawner, 2)
	for frame: int in 5:
		await get_tree().process_frame
	expect_equal(spawner.get_npcs().size(), 2, "some frames later")
	spawner.maximum = 3
	await _until_shown(spawner, 3)
	spawner.maximum = 1
	await _until_shown(spawner, 1)


## A spawner shows the agents of its scene alone, and of those whom the game wants.
func test_filters() -> void:
	var agents: AgentVMManager = await _connected()
	for scene: String in ["office", "cellar"]:
		await agents.update_scene(scene, {"name": scene})
	var here: String = await agents.create_agent("aider", {"scene_id": "office"})
	await agents.create_agent("aider", {"scene_id": "cellar"})
	var other: String = await agents.create_agent("claude", {"scene_id": "office"})
	var spawner: AgentSpawner = _spawner(agents)
	spawner.scene_id = "office"
	add_child(spawner)
	await _until_shown(spawner, 2)
	spawner.filter = func(agent: Dictionary) -> bool: return agent["type"] == "claude"
	spawner.refresh()
	await _until_shown(spawner, 1)
	expect(spawner.get_npc(other) != null, "who is wanted is shown")
	expect_equal(spawner.get_npc(here), null, "who is not wanted is not")


## A click on any of its NPCs reaches the spawner.
func test_passes_clicks_on() -> void:
	var agents: AgentVMManager = await _connected()
	var id: String = await agents.create_agent()
	var stage: Stage = Stage.new()
	add_child(stage)
	var spawner: AgentSpawner = _spawner(agents)
	var asked: Array[String] = []
	spawner.interaction_requested.connect(func(of: String) -> void: asked.append(of))
	stage.add_child(spawner)
	await _until_shown(spawner, 1)
	await stage.frames(3)
	stage.click(stage.middle_of(spawner.get_npc(id) as AgentNPC3D))
	expect_equal(asked, [id] as Array[String], "asked")


## NPCs of a game's own scene are made, in 2D as well, under the node that it names.
func test_own_scene() -> void:
	var agents: AgentVMManager = await _connected()
	var id: String = await agents.create_agent()
	var level: Node2D = Node2D.new()
	add_child(level)
	var spawner: AgentSpawner = _spawner(agents)
	spawner.npc_scene = Stage.NPC_2D
	spawner.npc_parent = level
	add_child(spawner)
	await _until_shown(spawner, 1)
	expect(spawner.get_npc(id) is AgentNPC2D, "kind")
	expect_equal(spawner.get_npc(id).get_parent(), level, "parent")


## An NPC that the game has freed with its level is forgotten when its agent goes.
func test_npc_freed_by_the_game() -> void:
	var agents: AgentVMManager = await _connected()
	var id: String = await agents.create_agent()
	var spawner: AgentSpawner = _spawner(agents)
	add_child(spawner)
	await _until_shown(spawner, 1)
	spawner.get_npc(id).free()
	await agents.remove_agent(id)
	await _until_shown(spawner, 0)
	expect_equal(spawner.get_pooled_count(), 0, "kept for later")
	await agents.create_agent()
	await _until_shown(spawner, 1)


## A spawner in a scene without a manager waits for one.
func test_manager_comes_later() -> void:
	var spawner: AgentSpawner = AgentSpawner.new()
	add_child(spawner)
	spawner.refresh()
	for frame: int in 3:
		await get_tree().process_frame
	expect_equal(spawner.get_npcs().size(), 0, "NPCs without a manager")
	var agents: AgentVMManager = await _connected()
	await agents.create_agent()
	spawner.manager = agents
	await _until_shown(spawner, 1)
	agents.free()
	spawner.refresh()
	for frame: int in 3:
		await get_tree().process_frame
	expect_equal(spawner.get_npcs().size(), 1, "NPCs after the manager was freed")
