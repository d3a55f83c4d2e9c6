@tool
extends EditorPlugin
## Uses the dock as a person would: looks at it, presses its buttons, and prints what it shows.

const TestControl = preload("res://control.gd")

const PATIENCE_SECONDS: float = 30.0
const ENDPOINT: String = "agentvm/connection/endpoint"

var _dock: Control = null


func _ready() -> void:
	# Not while the editor only imports, for which it is started too.
	if not TestControl.url().is_empty():
		_visit.call_deferred()


func _visit() -> void:
	await _until(func() -> bool: return _find_dock() != null)
	_dock = _find_dock()
	_say("dock", _dock != null)
	if _dock != null:
		await _look_around()
	print("the visit is over")
	get_tree().quit()


func _look_around() -> void:
	_say("at first", _texts())
	_say("test can be pressed", not _button("Test").disabled)
	var url: String = await _ask("serve", {"max_agents": 10})
	await _ask("kill", {"url": url})
	ProjectSettings.set_setting(ENDPOINT, url)
	_press("Connect")
	await get_tree().process_frame
	await get_tree().process_frame
	_say("while it connects", _texts())
	await _until(func() -> bool: return _texts().contains("network_error"))
	_say("with the server down", _texts())
	await _ask("serve", {"port": url.get_slice(":", 2).to_int(), "speed": 1})
	_press("Connect")
	await _until(func() -> bool: return _texts().contains("● connected"))
	_say("with the server up", _texts())
	_press("Test")
	await _until(func() -> bool: return _texts().contains("All is well") or _texts().contains("AgentVMError"))
	_say("after the test", _texts())
	await _until(func() -> bool: return _rows("Agent").is_empty())
	_say("agents after the test", _rows("Agent"))
	var game: AgentVMManager = AgentVMManager.new()
	add_child(game)
	await game.connect_to_api(url)
	var agent_id: String = await game.create_agent("aider", {"name": "Ada"})
	await game.assign_task(agent_id, "Fix the jump")
	await _until(func() -> bool: return _rows("Task").contains("Fix the jump | running"))
	_say("agents of a game", _rows("Agent"))
	_say("tasks of a game", _rows("Task"))
	await _ask("kill", {"url": url})
	await _until(func() -> bool: return _texts().contains("reconnecting"))
	_say("with the server gone", _texts())
	_press("Disconnect")
	await _until(func() -> bool: return _texts().contains("disconnected"))
	_say("in the end", _texts())
	game.queue_free()


func _say(what: String, value: Variant) -> void:
	print("%s: %s" % [what, str(value).c_escape()])


func _find_dock() -> Control:
	for found: Node in EditorInterface.get_base_control().find_children("AgentVM", "VBoxContainer", true, false):
		return found
	return null


## What its labels say.
func _texts() -> String:
	var texts: PackedStringArray = []
	for found: Node in _dock.find_children("*", "Label", true, false):
		var label: Label = found
		if not label.text.is_empty():
			texts.append(label.text)
	return " | ".join(texts)


## The rows of the table whose first column has that title.
func _rows(title: String) -> String:
	var rows: PackedStringArray = []
	for found: Node in _dock.find_children("*", "Tree", true, false):
		var table: Tree = found
		if table.get_column_title(0) == title and table.get_root() != null:
			for row: TreeItem in table.get_root().get_children():
				rows.append("%s | %s" % [row.get_text(0), row.get_text(1)])
	return "; ".join(rows)


func _button(text: String) -> Button:
	for found: Node in _dock.find_children("*", "Button", true, false):
		var button: Button = found
		if button.text == text:
			return button
	_say("no button", text)
	return Button.new()


func _press(text: String) -> void:
	var button: Button = _button(text)
	_say("pressed", "%s%s" % [text, ", which is disabled" if button.disabled else ""])
	if not button.disabled:
		button.pressed.emit()


func _until(truth: Callable) -> void:
	var end: int = Time.get_ticks_msec() + int(PATIENCE_SECONDS * 1000.0)
	while not truth.call() and Time.get_ticks_msec() < end:
		await get_tree().process_frame


## Asks the program that runs the tests for a server, or to kill one; gives its URL.
func _ask(command: String, fields: Dictionary) -> String:
	var answer: Variant = await TestControl.ask(self, command, fields)
	return str(answer["url"]) if answer is Dictionary and answer.has("url") else ""
