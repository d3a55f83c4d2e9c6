@tool
extends Control
## What [AgentTaskDialog] is drawn with: a panel in the middle with a title, a part that scrolls, a row of answers and a
## row of buttons. It knows nothing of tasks.

## The player wants the dialog gone.
signal close_wanted

const Look = preload("dialog_look.gd")

const WIDTH_MAX: float = 620.0
const MARGIN: float = 12.0
## How much of the height the answers may take.
const ANSWERS_SHARE: float = 0.5
## Pixels a second that a stick scrolls, and those of a key.
const STICK_SPEED: float = 900.0
const KEY_STEP: int = 160
const STICK_REST: float = 0.25

## What is at the top.
var title: Label = Look.label(20)
## What scrolls where there is no room for it.
var body: VBoxContainer = VBoxContainer.new()
## The ways to answer, which scroll by themselves.
var answers: VBoxContainer = VBoxContainer.new()
## What came of the last press.
var note: Label = Look.label(15, Look.BAD)
## The buttons at the bottom.
var buttons: HBoxContainer = HBoxContainer.new()

var _panel: PanelContainer = PanelContainer.new()
var _body_scroll: ScrollContainer = ScrollContainer.new()
var _answers_scroll: ScrollContainer = ScrollContainer.new()


func _init() -> void:
	set_anchors_and_offsets_preset(Control.PRESET_FULL_RECT)
	mouse_filter = Control.MOUSE_FILTER_STOP
	theme = Look.theme()
	var veil: ColorRect = ColorRect.new()
	veil.color = Look.VEIL
	veil.set_anchors_and_offsets_preset(Control.PRESET_FULL_RECT)
	veil.gui_input.connect(_on_veil_input)
	add_child(veil)
	add_child(_panel)
	var column: VBoxContainer = VBoxContainer.new()
	_panel.add_child(column)
	column.add_child(title)
	_add_scroll(column, _body_scroll, body)
	_add_scroll(column, _answers_scroll, answers)
	column.add_child(note)
	buttons.alignment = BoxContainer.ALIGNMENT_END
	column.add_child(buttons)
	resized.connect(arrange)
	for part: Control in [body, answers, _panel]:
		part.minimum_size_changed.connect(func() -> void: arrange.call_deferred())


func _process(delta: float) -> void:
	for device: int in Input.get_connected_joypads():
		var tilt: float = Input.get_joy_axis(device, JOY_AXIS_RIGHT_Y)
		if absf(tilt) > STICK_REST:
			_body_scroll.scroll_vertical += int(tilt * STICK_SPEED * delta)


## Scrolls what is asked, by keys. Returns whether the key was one of those.
func scroll_by(event: InputEvent) -> bool:
	for action: StringName in [&"ui_page_up", &"ui_page_down"]:
		if event.is_action_pressed(action, true):
			_body_scroll.scroll_vertical += -KEY_STEP if action == &"ui_page_up" else KEY_STEP
			return true
	return false


## Presses what has the focus, or sends what was typed into it.
func press_focused() -> void:
	var focused: Control = get_viewport().gui_get_focus_owner()
	var button: BaseButton = focused as BaseButton
	if button != null and is_ancestor_of(button) and not button.disabled:
		button.pressed.emit()
	elif focused is LineEdit and is_ancestor_of(focused):
		(focused as LineEdit).text_submitted.emit((focused as LineEdit).text)


## Empties everything.
func clear() -> void:
	note.text = ""
	for part: Container in [body, answers, buttons]:
		for child: Node in part.get_children():
			part.remove_child(child)
			child.queue_free()
	_body_scroll.scroll_vertical = 0


## Shows what came of a press, or nothing.
func tell(text: String) -> void:
	note.text = text
	note.visible = not text.is_empty()


## Lets everything be pressed, or nothing.
func set_busy(is_busy: bool) -> void:
	for control: Control in _focusable():
		if control is BaseButton:
			(control as BaseButton).disabled = is_busy


## Gives [param first], or the first thing that takes it, the focus, which does not leave the dialog from now on.
func hold_focus(first: Control = null) -> void:
	var all: Array[Control] = _focusable()
	for index: int in all.size():
		var next: NodePath = all[(index + 1) % all.size()].get_path()
		var previous: NodePath = all[index - 1].get_path()
		all[index].focus_next = next
		all[index].focus_previous = previous
		all[index].focus_neighbor_bottom = next
		all[index].focus_neighbor_right = next
		all[index].focus_neighbor_top = previous
		all[index].focus_neighbor_left = previous
	if first != null:
		first.grab_focus()
	elif not all.is_empty():
		all[0].grab_focus()


## Puts the panel into the middle, as large as it has to be and there is room for.
func arrange() -> void:
	var width: float = minf(WIDTH_MAX, size.x - 2.0 * MARGIN)
	_panel.custom_minimum_size.x = width
	note.visible = not note.text.is_empty()
	_body_scroll.visible = body.get_child_count() > 0
	_answers_scroll.visible = answers.get_child_count() > 0
	var scrolled: float = _body_scroll.custom_minimum_size.y + _answers_scroll.custom_minimum_size.y
	var fixed: float = _panel.get_combined_minimum_size().y - scrolled
	var room: float = maxf(0.0, size.y - 2.0 * MARGIN - fixed)
	var for_answers: float = minf(answers.get_combined_minimum_size().y, room * ANSWERS_SHARE)
	_answers_scroll.custom_minimum_size.y = for_answers
	_body_scroll.custom_minimum_size.y = minf(body.get_combined_minimum_size().y, room - for_answers)
	_panel.reset_size()
	_panel.position = ((size - _panel.size) / 2.0).round()


func _add_scroll(column: VBoxContainer, scroll: ScrollContainer, content: VBoxContainer) -> void:
	scroll.horizontal_scroll_mode = ScrollContainer.SCROLL_MODE_DISABLED
	scroll.follow_focus = true
	content.size_flags_horizontal = Control.SIZE_EXPAND_FILL
	scroll.add_child(content)
	column.add_child(scroll)


func _focusable(from: Node = _panel) -> Array[Control]:
	var found: Array[Control] = []
	for child: Node in from.get_children():
		var control: Control = child as Control
		if control != null and control.visible:
			if control.focus_mode == Control.FOCUS_ALL:
				found.append(control)
			found.append_array(_focusable(control))
	return found


func _on_veil_input(event: InputEvent) -> void:
	if event is InputEventMouseButton and (event as InputEventMouseButton).pressed:
		close_wanted.emit()
