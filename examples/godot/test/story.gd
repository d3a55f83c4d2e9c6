extends Node
## Plays the game by itself and prints what happens, so that a test can see that it works:
## [code]?story=1[/code].

const Crew = preload("../crew.gd")
const Watch = preload("watch.gd")
const SECONDS_MAX: float = 120.0

var _ended: Dictionary[String, String] = {}


## Hires, gives a task, calls a team, and waits for the ends.
func run(crew: Crew, spawner: AgentSpawner) -> void:
	AgentVM.task_completed.connect(func(id: String, _output: String) -> void: _ended[id] = "completed")
	AgentVM.task_failed.connect(func(id: String, _error: String) -> void: _ended[id] = "failed")
	AgentVM.request_failed.connect(func(error: AgentVMError) -> void: print("office: failed ", error))
	await _until(func() -> bool: return AgentVM.is_connected_to_api())
	print("office: connected to ", AgentVM.server.get("name"))
	await _until(func() -> bool: return spawner.get_npcs().size() == Crew.START)
	print("office: npcs ", spawner.get_npcs().size())
	var first: String = AgentVM.get_known_agents()[0]["id"]
	var npc: AgentNPC3D = spawner.get_npc(first)
	print("office: first is ", npc.agent_name)
	var states: Array[String] = []
	npc.state_changed.connect(func(state: String) -> void: states.append(state))
	var task_id: String = await crew.give(first, "Fix the jump that sometimes misses", "debugging")
	print("office: task given ", not task_id.is_empty())
	await _until(func() -> bool: return _ended.has(task_id))
	print("office: task ", _ended.get(task_id, "not over"), ", seen ", ", ".join(states))
	var team: Array[String] = await crew.call_team("Build networking for four players")
	print("office: team of ", team.size())
	await _until(func() -> bool: return team.all(func(id: String) -> bool: return _ended.has(id)))
	print("office: team over ", team.all(func(id: String) -> bool: return _ended.has(id)))
	print("office: hired ", await crew.hire())
	await _until(func() -> bool: return spawner.get_npcs().size() == Crew.START + 1)
	print("office: npcs ", spawner.get_npcs().size())
	await AgentVM.remove_agent(first)
	await _until(func() -> bool: return spawner.get_npcs().size() == Crew.START)
	print("office: npcs ", spawner.get_npcs().size(), ", pooled ", spawner.get_pooled_count())
	await get_tree().process_frame
	Watch.tell_places(spawner)
	print("office: the story is over")
	if not OS.has_feature("web"):
		get_tree().quit()


func _until(truth: Callable) -> void:
	var end: int = Time.get_ticks_msec() + int(SECONDS_MAX * 1000.0)
	while not truth.call() and Time.get_ticks_msec() < end:
		await get_tree().process_frame
