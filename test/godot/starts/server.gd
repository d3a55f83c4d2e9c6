extends Node
## Says which server the tests have started, before anything connects.


func _enter_tree() -> void:
	var url: String = OS.get_environment("AGENTVM_TEST_SERVER")
	if not url.is_empty():
		ProjectSettings.set_setting("agentvm/connection/endpoint", url)
