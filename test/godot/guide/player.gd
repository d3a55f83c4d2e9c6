extends Node
## Does what a player of the guide's first game does: waits for Ada and clicks her. Or plays another script of the guide.

const PATIENCE_SECONDS: float = 30.0


func _ready() -> void:
	print("parsed: ", _count_of_good_scripts())
	var other: String = OS.get_environment("AGENTVM_TEST_SCRIPT")
	if not other.is_empty():
		_play(load("res://" + other) as Script)
		return
	AgentVM.agent_created.connect(_on_agent_created)
	AgentVM.task_started.connect(_on_task_started)
	await get_tree().create_timer(PATIENCE_SECONDS).timeout
	print("nothing has happened")
	get_tree().quit()


## Every piece of the guides is a script of its own here, whose name says so.
func _count_of_good_scripts() -> int:
	var count: int = 0
	for file: String in DirAccess.get_files_at("res://"):
		if file.begins_with("guide_") and file.ends_with(".gd"):
			var script: Script = load("res://" + file)
			count += 1 if script != null and script.can_instantiate() else 0
	return count


## Plays a script of the guide, until its second task is done.
func _play(script: Script) -> void:
	AgentVM.question_answered.connect(
		func(_task: String, _question: String, answer: String, by: String) -> void: print("answered: %s by %s" % [answer, by])
	)
	AgentVM.work_reviewed.connect(func(_task: String, changes: Dictionary) -> void: print("reviewed: ", changes["review"]))
	while not AgentVM.is_connected_to_api():
		await get_tree().process_frame
	add_child(script.new() as Node)
	for turn: int in 2:
		await AgentVM.task_completed
	# The script goes on within that frame.
	await get_tree().create_timer(0.5).timeout
	get_tree().quit()


func _on_agent_created(agent: Dictionary) -> void:
	print("created: ", agent["name"])
	await get_tree().create_timer(0.5).timeout
	var npcs: Array[Node] = get_tree().root.find_children("*", "AgentNPC3D", true, false)
	print("shown: ", npcs.size())
	for npc: Node in npcs:
		npc.emit_signal(&"interaction_requested", agent["id"])


func _on_task_started(_task_id: String, prompt: String) -> void:
	print("started: ", prompt)
	get_tree().quit()
