extends Node
## A game as the addon's README begins it, which is left in the way that the command line names.

## One that is created, and a team of three; the autoload keeps spare ones beside them while there is room.
const AGENTS: int = 4
const TASKS: int = 4


func _ready() -> void:
	var readme: GDScript = load("res://readme.gd")
	add_child(readme.new())
	while AgentVM.get_known_agents().size() < AGENTS or AgentVM.get_known_tasks().size() < TASKS:
		await get_tree().process_frame
	print("played with ", AGENTS)
	_leave(OS.get_cmdline_user_args()[0])


func _leave(way: String) -> void:
	match way:
		"quit":
			get_tree().quit()
		"close":
			# What a window does whose cross is clicked; a headless one has none.
			get_window().propagate_notification(NOTIFICATION_WM_CLOSE_REQUEST)
			get_window().close_requested.emit()
		"restart":
			# As OS.set_restart_on_exit() does, whose path is not always that of an engine that tests start.
			var arguments: PackedStringArray = ["--headless", "--path", ProjectSettings.globalize_path("res://"), "--", "quit"]
			OS.create_process(OS.get_environment("AGENTVM_TEST_ENGINE"), arguments)
			get_tree().quit()
		"kill":
			# As the editor's stop button does.
			OS.kill(OS.get_process_id())
