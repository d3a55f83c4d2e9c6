extends Node
## A small game as somebody would write it who has read the addon's README.

# What came of each task.
var _over: Dictionary[String, String] = {}


func _ready() -> void:
	if not await AgentVM.connect_to_api(OS.get_cmdline_user_args()[0]):
		print(AgentVM.last_error)
		get_tree().quit(1)
		return
	AgentVM.task_completed.connect(_on_task_completed)
	AgentVM.task_failed.connect(func(task_id: String, error: String) -> void: _over[task_id] = error)
	var agent_id: String = await AgentVM.create_agent("aider", {"name": "Ada"})
	AgentVM.queue_agent_position(agent_id, Vector3(1, 0, 2))
	var task_id: String = await AgentVM.assign_task(agent_id, "Fix the jump")
	var team: Array[String] = await AgentVM.assign_collaborative_task("Build a level", 3)
	while _over.size() < 4:
		await get_tree().process_frame
	var type: String = AgentVM.get_known_agent(agent_id)["type"]
	# Work may fail by chance, and then says why.
	var said: String = "worked" if _over.has(task_id) and not _over.values().has("") else "did nothing"
	print("%s: %s, a team of %d" % [type, said, team.size()])
	print("came of it: ", _over)
	get_tree().quit()


func _on_task_completed(task_id: String, output: String) -> void:
	_over[task_id] = output
