extends CanvasLayer
## Everything flat: the status line, the buttons, the board, and the dialog.

## The player wants a task given; an empty id lets the backend choose who.
signal task_wanted(agent_id: String, prompt: String, task_type: String)
signal team_wanted(prompt: String)
signal hire_wanted
signal call_off_wanted(task_id: String)
## So many pixels at the right are covered.
signal covered_changed(width: float)

const Look = preload("look.gd")
const StatusLine = preload("status_line.gd")
const TaskBoard = preload("task_board.gd")
const TaskDialog = preload("task_dialog.gd")

const TEAM_PROMPTS: Array[String] = [
	"Build networking for four players",
	"Make the first level playable",
	"Bring the game to phones",
]
const MARGIN: float = 14.0
const NARROW: float = 760.0

var _root: Control = Control.new()
var _status: StatusLine = StatusLine.new()
var _board: TaskBoard = TaskBoard.new()
var _dialog: TaskDialog = TaskDialog.new()
var _buttons: HBoxContainer = HBoxContainer.new()
var _team: Button = null
var _teams: int = 0


func _ready() -> void:
	_root.set_anchors_preset(Control.PRESET_FULL_RECT)
	_root.mouse_filter = Control.MOUSE_FILTER_IGNORE
	_root.theme = Look.theme()
	add_child(_root)
	_root.add_child(_status)
	_root.add_child(_board)
	_root.add_child(_buttons)
	_buttons.add_child(Look.button("Give a task", func() -> void: _dialog.ask(""), &"MainButton"))
	_team = Look.button("Call a team of three", _on_team_pressed)
	_buttons.add_child(_team)
	_buttons.add_child(Look.button("Hire one more", func() -> void: hire_wanted.emit()))
	_root.add_child(_dialog)
	_dialog.chosen.connect(
		func(agent_id: String, prompt: String, type: String) -> void: task_wanted.emit(agent_id, prompt, type)
	)
	_dialog.called_off.connect(func(task_id: String) -> void: call_off_wanted.emit(task_id))
	_root.resized.connect(_arrange)
	_buttons.resized.connect(_arrange)
	AgentVM.connection_status_changed.connect(func(_connected: bool) -> void: _update())
	_update()
	_arrange()


## Asks what an agent is to do.
func ask(agent_id: String) -> void:
	if AgentVM.is_connected_to_api():
		_dialog.ask(agent_id)


## Shows a text in the status line for some seconds.
func note(text: String) -> void:
	_status.note(text)


## How many pixels at the right are covered.
func covered() -> float:
	return 0.0 if _root.size.x < NARROW else _board.size.x + MARGIN


func _update() -> void:
	for button: Node in _buttons.get_children():
		(button as Button).disabled = not AgentVM.is_connected_to_api()


func _arrange() -> void:
	var size: Vector2 = _root.size
	var is_narrow: bool = size.x < NARROW
	# Without the margins nothing would be left beside a notch or a thumb.
	_status.position = Vector2(MARGIN, MARGIN)
	_status.size = Vector2(minf(size.x - 2.0 * MARGIN, 470.0), 0.0)
	_board.shown_max = 2 if is_narrow else TaskBoard.CARDS_MAX
	_board.size = Vector2(272.0 if not is_narrow else size.x - 2.0 * MARGIN, 0.0)
	_board.position = Vector2(size.x - _board.size.x - MARGIN, MARGIN if not is_narrow else 64.0)
	covered_changed.emit(covered())
	_buttons.position = Vector2((size.x - covered() - _buttons.size.x) / 2.0, size.y - _buttons.size.y - MARGIN)


func _on_team_pressed() -> void:
	team_wanted.emit(TEAM_PROMPTS[_teams % TEAM_PROMPTS.size()])
	_teams += 1
