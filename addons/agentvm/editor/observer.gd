@tool
extends AgentVMManager
## What the dock looks through: it sees every game's agents and tasks, and opens no game of its own.


func _connect_options(endpoint: String, key: String) -> Dictionary:
	var options: Dictionary = super(endpoint, key)
	options["session"] = false
	return options
