extends PanelContainer
## One line that says which backend is used, and how it stands.

const Look = preload("look.gd")
const Mark = preload("mark.gd")

var _mark: Mark = Mark.new()
var _text: Label = Look.label("", 14, Look.QUIET)
var _next_ms: int = 0
var _note: String = ""
var _note_end_ms: int = 0


func _ready() -> void:
	add_theme_stylebox_override(&"panel", Look.box(Look.PANEL, 12, 8))
	var row: HBoxContainer = HBoxContainer.new()
	add_child(row)
	row.add_child(_mark)
	row.add_child(_text)
	_text.size_flags_horizontal = Control.SIZE_EXPAND_FILL
	_text.text_overrun_behavior = TextServer.OVERRUN_TRIM_ELLIPSIS
	_text.custom_minimum_size.x = 60.0
	_tell()


func _process(_delta: float) -> void:
	if Time.get_ticks_msec() >= _next_ms:
		_next_ms = Time.get_ticks_msec() + 400
		_tell()


## Shows a text for some seconds.
func note(text: String) -> void:
	_note = text
	_note_end_ms = Time.get_ticks_msec() + 6000
	_tell()


## The backend in words, such as [code]embedded backend (mock://)[/code].
static func backend() -> String:
	var endpoint: String = str(ProjectSettings.get_setting("agentvm/connection/endpoint", ""))
	if endpoint.is_empty():
		endpoint = "mock://" if OS.has_feature("web") else "http://localhost:8000"
	if endpoint.begins_with("mock://"):
		return "embedded backend (mock://)"
	# What stands before an @ is a secret.
	return endpoint.get_slice("@", endpoint.get_slice_count("@") - 1).trim_suffix("/")


func _tell() -> void:
	var shape: Mark.Shape = Mark.Shape.RING
	var color: Color = Look.WAIT
	var text: String = ""
	match AgentVM.connection_state:
		"connected":
			shape = Mark.Shape.DOT
			color = Look.GOOD
			text = "%s %s · %s" % [AgentVM.server.get("name", ""), AgentVM.server.get("version", ""), backend()]
		"reconnecting":
			text = "Lost %s. Trying again…" % backend()
		"stopped":
			shape = Mark.Shape.CROSS
			color = Look.BAD
			text = "Stopped: %s" % ("" if AgentVM.last_error == null else AgentVM.last_error.message)
		_:
			text = "Connecting to %s…" % backend()
			if AgentVM.last_error != null and not OS.has_feature("web"):
				text = "No answer from %s. Start it with: npx oligarchy-agentvm serve" % backend()
	if Time.get_ticks_msec() < _note_end_ms:
		text = _note
	_mark.show_shape(shape, color)
	_text.text = text
