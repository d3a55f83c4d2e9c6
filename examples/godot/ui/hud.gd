extends CanvasLayer
## Everything flat: the status line, the buttons, the board, and the dialog.

## The player wants a task given; an empty id lets the backend choose who.
signal task_wanted(agent_id: String, prompt: String, task_type: String)
signal team_wanted(prompt: String)
signal hire_wanted
signal call_off_wanted(task_id: String)
## The player wants to see what a task asks or has changed.
signal look_wanted(task_id: String)
## So many pixels at the right are covered, and so many more at the top than at the bottom.
signal covered_changed(edges: Vector2)

const Hand = preload("hand.gd")
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
const BOARD_WIDTH: float = 272.0
## On an upright screen: where the board begins, and how much of the height it may take.
const BOARD_TOP: float = 64.0
const BOARD_SHARE: float = 0.3

var _root: Control = Control.new()
var _status: StatusLine = StatusLine.new()
var _board: TaskBoard = TaskBoard.new()
var _dialog: TaskDialog = TaskDialog.new()
var _buttons: HBoxContainer = HBoxContainer.new()
var _hand: Hand = Hand.new()
var _team: Button = null
var _teams: int = 0


func _ready() -> void:
	_root.set_anchors_and_offsets_preset(Control.PRESET_FULL_RECT)
	_root.mouse_filter = Control.MOUSE_FILTER_IGNORE
	_root.theme = Look.theme()
	add_child(_root)
	_root.add_child(_status)
	_root.add_child(_board)
	_root.add_child(_buttons)
	_root.add_child(_hand)
	_buttons.add_child(Look.button("Give a task", func() -> void: _dialog.ask(""), &"MainButton"))
	_team = Look.button("Call a team of three", _on_team_pressed)
	_buttons.add_child(_team)
	_buttons.add_child(Look.button("Hire one more", func() -> void: hire_wanted.emit()))
	_root.add_child(_dialog)
	_dialog.chosen.connect(
		func(agent_id: String, prompt: String, type: String) -> void: task_wanted.emit(agent_id, prompt, type)
	)
	_dialog.called_off.connect(func(task_id: String) -> void: call_off_wanted.emit(task_id))
	_dialog.look_wanted.connect(func(task_id: String) -> void: look_wanted.emit(task_id))
	_board.look_wanted.connect(func(task_id: String) -> void: look_wanted.emit(task_id))
	_board.waiting_changed.connect(_hand.show_waiting)
	_hand.look_wanted.connect(func(task_id: String) -> void: look_wanted.emit(task_id))
	_dialog.visibility_changed.connect(func() -> void: _hand.is_covered = _dialog.visible)
	# Else it stays as wide as it once was.
	_hand.minimum_size_changed.connect(func() -> void: _arrange_hand.call_deferred())
	_root.resized.connect(_arrange)
	_buttons.minimum_size_changed.connect(_on_buttons_changed)
	AgentVM.connection_status_changed.connect(func(_connected: bool) -> void: _update())
	_update()
	_arrange()


func _unhandled_key_input(event: InputEvent) -> void:
	# The engine goes from one control to the next, and to none from nowhere.
	if event.is_action_pressed(&"ui_focus_next") and get_viewport().gui_get_focus_owner() == null:
		get_viewport().set_input_as_handled()
		(_buttons.get_child(0) as Button).grab_focus()


## Asks what an agent is to do.
func ask(agent_id: String) -> void:
	if AgentVM.is_connected_to_api():
		_dialog.ask(agent_id)


## Shows a text in the status line for some seconds.
func note(text: String) -> void:
	_status.note(text)


## How many pixels at the right are covered, and how many more at the top than at the bottom.
func covered() -> Vector2:
	if not _is_upright():
		return Vector2(BOARD_WIDTH + MARGIN, 0.0)
	return Vector2(0.0, BOARD_TOP + _root.size.y * BOARD_SHARE - _buttons.size.y - 2.0 * MARGIN)


func _is_upright() -> bool:
	return _root.size.y > _root.size.x


func _update() -> void:
	for button: Node in _buttons.get_children():
		(button as Button).disabled = not AgentVM.is_connected_to_api()


func _arrange() -> void:
	var size: Vector2 = _root.size
	# Without the margins nothing would be left beside a notch or a thumb.
	var width: float = size.x - 2.0 * MARGIN
	_status.position = Vector2(MARGIN, MARGIN)
	if _is_upright():
		_status.size = Vector2(width, 0.0)
		_board.show_at(Rect2(MARGIN, BOARD_TOP, width, size.y * BOARD_SHARE))
	else:
		_status.size = Vector2(minf(width - BOARD_WIDTH - MARGIN, 470.0), 0.0)
		_board.show_at(Rect2(size.x - BOARD_WIDTH - MARGIN, MARGIN, BOARD_WIDTH, size.y - 2.0 * MARGIN))
	_team.text = "Call a team" if _is_upright() else "Call a team of three"
	covered_changed.emit(covered())
	_buttons.position = Vector2((size.x - covered().x - _buttons.size.x) / 2.0, size.y - _buttons.size.y - MARGIN)
	_arrange_hand()


## Above the buttons.
func _arrange_hand() -> void:
	_hand.reset_size()
	_hand.position = Vector2(
		(_root.size.x - covered().x - _hand.size.x) / 2.0, _buttons.position.y - _hand.size.y - MARGIN
	)


func _on_buttons_changed() -> void:
	# Else they stay as wide as they once were.
	_buttons.reset_size()
	_arrange()


func _on_team_pressed() -> void:
	team_wanted.emit(TEAM_PROMPTS[_teams % TEAM_PROMPTS.size()])
	_teams += 1
