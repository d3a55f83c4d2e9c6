extends Node
## Does what a player of the guide's first game does: waits for Ada and clicks her.

const PATIENCE_SECONDS: float = 30.0


func _ready() -> void:
	print("parsed: ", _count_of_good_scripts())
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
