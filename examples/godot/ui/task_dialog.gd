extends Control
## Asks what an agent is to do: type it, or take one of the suggestions.

## The player has chosen. [param agent_id] is empty for the best idle agent.
signal chosen(agent_id: String, prompt: String, task_type: String)
## The player wants the agent's task called off.
signal called_off(task_id: String)
## The player wants to see what a task has changed.
signal look_wanted(task_id: String)
signal closed

const Look = preload("look.gd")

const PROMPT_MAX: int = 400
const SUGGESTIONS: Array[Array] = [
	["Fix the jump that sometimes misses", "debugging"],
	["Write tests for the save slots", "testing"],
	["Add a pause menu", "feature_development"],
	["Explain how the enemies find their way", "explanation"],
]

var _agent_id: String = ""
var _task_id: String = ""
var _title: Label = Look.label("", 19)
var _about: Label = Look.label("", 14, Look.QUIET)
var _prompt: LineEdit = LineEdit.new()
var _give: Button = null
var _call_off: Button = null
var _look: Button = null
var _changed_task_id: String = ""


func _ready() -> void:
	set_anchors_and_offsets_preset(Control.PRESET_FULL_RECT)
	mouse_filter = Control.MOUSE_FILTER_STOP
	visible = false
	var veil: ColorRect = ColorRect.new()
	veil.color = Color(0.05, 0.07, 0.09, 0.45)
	veil.set_anchors_and_offsets_preset(Control.PRESET_FULL_RECT)
	veil.gui_input.connect(_on_veil_input)
	add_child(veil)
	var centre: CenterContainer = CenterContainer.new()
	centre.set_anchors_and_offsets_preset(Control.PRESET_FULL_RECT)
	centre.mouse_filter = Control.MOUSE_FILTER_IGNORE
	add_child(centre)
	var panel: PanelContainer = PanelContainer.new()
	panel.add_theme_stylebox_override(&"panel", Look.box(Color(Look.PANEL, 0.98), 14, 18))
	panel.custom_minimum_size.x = 400.0
	centre.add_child(panel)
	var column: VBoxContainer = VBoxContainer.new()
	panel.add_child(column)
	column.add_child(_title)
	_about.autowrap_mode = TextServer.AUTOWRAP_WORD_SMART
	column.add_child(_about)
	_prompt.placeholder_text = "What is to be done?"
	_prompt.max_length = PROMPT_MAX
	_prompt.custom_minimum_size.y = Look.TOUCH
	_prompt.text_changed.connect(func(_text: String) -> void: _update())
	_prompt.text_submitted.connect(func(_text: String) -> void: _choose("general"))
	column.add_child(_prompt)
	for suggestion: Array in SUGGESTIONS:
		var prompt: String = suggestion[0]
		var task_type: String = suggestion[1]
		var chip: Button = Look.button(prompt, func() -> void: _suggest(prompt, task_type))
		chip.alignment = HORIZONTAL_ALIGNMENT_LEFT
		column.add_child(chip)
	var row: HBoxContainer = HBoxContainer.new()
	row.alignment = BoxContainer.ALIGNMENT_END
	column.add_child(row)
	_call_off = Look.button("Call off its task", _on_call_off)
	row.add_child(_call_off)
	_look = Look.button("See its changes", _on_look)
	row.add_child(_look)
	var gap: Control = Control.new()
	gap.size_flags_horizontal = Control.SIZE_EXPAND_FILL
	row.add_child(gap)
	row.add_child(Look.button("Close", close))
	_give = Look.button("Give the task", func() -> void: _choose("general"), &"MainButton")
	row.add_child(_give)


func _unhandled_key_input(event: InputEvent) -> void:
	if visible and event.is_action_pressed(&"ui_cancel"):
		get_viewport().set_input_as_handled()
		close()


## Asks for a task for an agent; empty asks for one for the best idle agent.
func ask(agent_id: String) -> void:
	_agent_id = agent_id
	_task_id = ""
	var agent: Dictionary = AgentVM.get_known_agent(agent_id)
	if agent.is_empty():
		_agent_id = ""
		_title.text = "A task for whoever is free"
		_about.text = "The one who is best at it takes it."
	else:
		_title.text = str(agent["name"])
		var skills: Array = agent.get("capabilities", [])
		_about.text = "%s · %s" % [agent["description"], ", ".join(skills).replace("_", " ")]
		if agent.get("current_task_id") is String:
			_task_id = agent["current_task_id"]
			var task: Dictionary = AgentVM.get_known_task(_task_id)
			_about.text += "\nBusy: %s" % task.get("prompt", "a task")
	_call_off.visible = not _task_id.is_empty()
	var changed: Array[AgentVMTask] = AgentVM.as_agent(_agent_id).get_tasks_to_review()
	_changed_task_id = "" if changed.is_empty() else changed[0].id
	_look.visible = not changed.is_empty()
	_prompt.text = ""
	_update()
	visible = true
	# On a phone the keyboard would cover the suggestions.
	if DisplayServer.is_touchscreen_available():
		_give.grab_focus()
	else:
		_prompt.grab_focus()


## Goes away.
func close() -> void:
	visible = false
	closed.emit()


func _update() -> void:
	_give.disabled = _prompt.text.strip_edges().is_empty()


func _suggest(prompt: String, task_type: String) -> void:
	_prompt.text = prompt
	_choose(task_type)


func _choose(task_type: String) -> void:
	var prompt: String = _prompt.text.strip_edges()
	if prompt.is_empty():
		return
	close()
	chosen.emit(_agent_id, prompt, task_type)


func _on_call_off() -> void:
	close()
	called_off.emit(_task_id)


func _on_look() -> void:
	close()
	look_wanted.emit(_changed_task_id)


func _on_veil_input(event: InputEvent) -> void:
	if event is InputEventMouseButton and (event as InputEventMouseButton).pressed:
		close()
