@tool
extends VBoxContainer
## The editor's look at the server: the connection, its agents and tasks, and a button that tries it out.

const Observer = preload("observer.gd")
const Settings = preload("../core/settings.gd")
const Wire = preload("../core/wire.gd")

const ROWS_MAX: int = 200
## A shape for each state, so that colour is not all that tells it.
const SHAPES: Dictionary[String, String] = {
	"disconnected": "○",
	"connecting": "◔",
	"connected": "●",
	"reconnecting": "◑",
	"stopped": "✕",
}

var _observer: Observer = null
var _status: Label = null
var _endpoint: Label = null
var _connect_button: Button = null
var _test_button: Button = null
var _message: Label = null
var _agents: Tree = null
var _tasks: Tree = null
var _is_stale: bool = false
var _shown_state: String = ""


func _init() -> void:
	custom_minimum_size = Vector2(240, 200)


func _ready() -> void:
	_observer = Observer.new()
	add_child(_observer, false, Node.INTERNAL_MODE_BACK)
	_observer.connection_status_changed.connect(_on_connection_status_changed)
	_observer.event_received.connect(_on_event_received)
	_observer.events_lost.connect(_on_events_lost)
	_status = _label("")
	_endpoint = _label("")
	_endpoint.text_overrun_behavior = TextServer.OVERRUN_TRIM_ELLIPSIS
	var buttons: HBoxContainer = HBoxContainer.new()
	add_child(buttons)
	_connect_button = _button(buttons, "Connect", _on_connect_pressed)
	_test_button = _button(buttons, "Test", _on_test_pressed)
	_test_button.tooltip_text = "Asks the server how it is, then gives a task to an agent and cancels it."
	_message = _label("")
	_message.autowrap_mode = TextServer.AUTOWRAP_WORD_SMART
	_agents = _table(["Agent", "State"])
	_tasks = _table(["Task", "Status"])
	_show_status()


func _process(_delta: float) -> void:
	if _is_stale or _observer.connection_state != _shown_state:
		_is_stale = false
		_show_rows()


func _label(text: String) -> Label:
	var label: Label = Label.new()
	label.text = text
	add_child(label)
	return label


func _button(parent: Node, text: String, pressed: Callable) -> Button:
	var button: Button = Button.new()
	button.text = text
	button.pressed.connect(pressed)
	parent.add_child(button)
	return button


func _table(titles: PackedStringArray) -> Tree:
	var table: Tree = Tree.new()
	table.columns = titles.size()
	table.column_titles_visible = true
	table.hide_root = true
	table.size_flags_vertical = Control.SIZE_EXPAND_FILL
	for column: int in titles.size():
		table.set_column_title(column, titles[column])
	add_child(table)
	return table


func _show_status() -> void:
	var state: String = _observer.connection_state
	_shown_state = state
	_status.text = "%s %s" % [SHAPES.get(state, "○"), state]
	_endpoint.text = Settings.endpoint()
	_endpoint.tooltip_text = "Project Settings > AgentVM > Connection > Endpoint"
	_connect_button.text = "Connect" if state == "disconnected" else "Disconnect"
	_test_button.disabled = state != "connected"


func _show_rows() -> void:
	_show_status()
	_agents.clear()
	var root: TreeItem = _agents.create_item()
	for agent: Dictionary in _observer.get_known_agents().slice(0, ROWS_MAX):
		var row: TreeItem = _agents.create_item(root)
		row.set_text(0, "%s (%s)" % [Wire.text(agent.get("name")), Wire.text(agent.get("type"))])
		row.set_text(1, Wire.text(agent.get("state")))
	_tasks.clear()
	root = _tasks.create_item()
	var tasks: Array[Dictionary] = _observer.get_known_tasks()
	tasks.reverse()
	for task: Dictionary in tasks.slice(0, ROWS_MAX):
		var row: TreeItem = _tasks.create_item(root)
		var status: String = Wire.text(task.get("status"))
		if status == "running":
			status = "%s %d %%" % [status, roundi(Wire.number(task.get("progress")) * 100.0)]
		row.set_text(0, Wire.text(task.get("prompt")).left(80))
		row.set_tooltip_text(0, "%s\n%s" % [Wire.text(task.get("id")), Wire.text(task.get("message"))])
		row.set_text(1, status)


func _say(text: String) -> void:
	_message.text = text


func _on_connect_pressed() -> void:
	if _observer.connection_state != "disconnected":
		await _observer.disconnect_from_api()
		_say("")
		return
	_say("Connecting …")
	if await _observer.connect_to_api():
		_say("")
	else:
		_say(str(_observer.last_error))
	_show_rows()


func _on_test_pressed() -> void:
	_test_button.disabled = true
	_say("Testing …")
	_say(await _test())
	_show_status()


func _test() -> String:
	var health: Dictionary = await _observer.get_health()
	if health.is_empty():
		return str(_observer.last_error)
	var agent_id: String = await _observer.create_agent("", {"name": "Dock test"})
	if agent_id.is_empty():
		return str(_observer.last_error)
	var task_id: String = await _observer.assign_task(agent_id, "Say hello to the editor")
	var failure: AgentVMError = _observer.last_error
	await _observer.remove_agent(agent_id)
	if task_id.is_empty():
		return str(failure)
	return "All is well: %s %s is %s, and took a task." % [health["service"], health["version"], health["status"]]


func _on_connection_status_changed(_connected: bool) -> void:
	_is_stale = true


func _on_event_received(_event: Dictionary) -> void:
	_is_stale = true


func _on_events_lost(_now: Array[Dictionary]) -> void:
	_is_stale = true
