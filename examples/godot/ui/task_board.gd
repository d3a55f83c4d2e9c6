extends PanelContainer
## The last tasks: what they are, who has them, how far they are, and how they ended. One that asks, or has changed
## something, can be pressed.

## The player wants to see what a task asks or has changed.
signal look_wanted(task_id: String)
## These wait for the player: those that ask, then those whose changes nobody has looked at, the longest first.
signal waiting_changed(tasks: Array[AgentVMTask])

const Chime = preload("chime.gd")
const Look = preload("look.gd")
const Mark = preload("mark.gd")

const CARDS_MAX: int = 7
## About how tall a card is, and what is above the first.
const CARD_HEIGHT: float = 72.0
const HEAD_HEIGHT: float = 58.0
const WORDS: Dictionary[String, String] = {
	"pending": "waiting",
	"assigned": "waiting",
	"running": "working",
	"asking": "asks you",
	"open": "look at it",
	"accepted": "accepted",
	"discarded": "discarded",
	"completed": "done",
	"failed": "failed",
	"cancelled": "called off",
}
const SHAPES: Dictionary[String, Mark.Shape] = {
	"pending": Mark.Shape.WAIT,
	"assigned": Mark.Shape.WAIT,
	"running": Mark.Shape.PLAY,
	"asking": Mark.Shape.HAND,
	"open": Mark.Shape.EYE,
	"accepted": Mark.Shape.CHECK,
	"discarded": Mark.Shape.BAR,
	"completed": Mark.Shape.CHECK,
	"failed": Mark.Shape.CROSS,
	"cancelled": Mark.Shape.BAR,
}
const COLORS: Dictionary[String, Color] = {
	"pending": Look.WAIT,
	"assigned": Look.WAIT,
	"running": Look.ACCENT,
	"asking": Look.WAIT,
	"open": Look.WAIT,
	"accepted": Look.GOOD,
	"discarded": Look.QUIET,
	"completed": Look.GOOD,
	"failed": Look.BAD,
	"cancelled": Look.QUIET,
}

# Cards that there is room for.
var _shown_max: int = CARDS_MAX
var _list: VBoxContainer = VBoxContainer.new()
var _empty: Label = Look.label("Nothing to do yet. Click or tap somebody.", 14, Look.QUIET)
var _cards: Array[Dictionary] = []
var _waiting: Array[String] = []
var _chime: Chime = Chime.new()
var _sound: Button = null
var _is_stale: bool = true
var _next_ms: int = 0


func _ready() -> void:
	var column: VBoxContainer = VBoxContainer.new()
	add_child(column)
	var head: HBoxContainer = HBoxContainer.new()
	column.add_child(head)
	var title: Label = Look.label("Tasks", 16)
	title.size_flags_horizontal = Control.SIZE_EXPAND_FILL
	head.add_child(title)
	add_child(_chime)
	_sound = Look.button("", _on_sound_pressed, &"QuietButton")
	_sound.tooltip_text = "A sound when somebody asks"
	head.add_child(_sound)
	_tell_sound()
	_empty.autowrap_mode = TextServer.AUTOWRAP_WORD_SMART
	column.add_child(_empty)
	column.add_child(_list)
	for index: int in CARDS_MAX:
		_list.add_child(_make_card())
	# Else it stays as tall as it once had to be.
	minimum_size_changed.connect(func() -> void: set_deferred(&"size", Vector2(size.x, 0.0)))
	AgentVM.event_received.connect(_on_event_received)
	AgentVM.connection_status_changed.connect(func(_connected: bool) -> void: _is_stale = true)


func _process(_delta: float) -> void:
	if _is_stale and Time.get_ticks_msec() >= _next_ms:
		_is_stale = false
		_next_ms = Time.get_ticks_msec() + 250
		_fill()


## Shows the board in a part of the screen, with as many cards as fit.
func show_at(room: Rect2) -> void:
	position = room.position
	size = Vector2(room.size.x, 0.0)
	_shown_max = clampi(floori((room.size.y - HEAD_HEIGHT) / CARD_HEIGHT), 1, CARDS_MAX)
	_is_stale = true


func _on_event_received(event: Dictionary) -> void:
	_is_stale = _is_stale or str(event.get("type")).begins_with("task.")


func _make_card() -> Control:
	var card: PanelContainer = PanelContainer.new()
	card.add_theme_stylebox_override(&"panel", Look.box(Look.CARD, 8, 9))
	var column: VBoxContainer = VBoxContainer.new()
	column.add_theme_constant_override(&"separation", 3)
	card.add_child(column)
	var prompt: Label = Look.label("", 14)
	prompt.text_overrun_behavior = TextServer.OVERRUN_TRIM_ELLIPSIS
	prompt.autowrap_mode = TextServer.AUTOWRAP_WORD_SMART
	prompt.max_lines_visible = 2
	prompt.custom_minimum_size.x = 220.0
	column.add_child(prompt)
	var row: HBoxContainer = HBoxContainer.new()
	column.add_child(row)
	var who: Label = Look.label("", 13, Look.QUIET)
	who.size_flags_horizontal = Control.SIZE_EXPAND_FILL
	who.text_overrun_behavior = TextServer.OVERRUN_TRIM_ELLIPSIS
	who.custom_minimum_size.x = 40.0
	row.add_child(who)
	var mark: Mark = Mark.new()
	row.add_child(mark)
	var status: Label = Look.label("", 13)
	row.add_child(status)
	var bar: ProgressBar = ProgressBar.new()
	bar.show_percentage = false
	bar.max_value = 1.0
	bar.step = 0.0
	bar.custom_minimum_size.y = 4.0
	column.add_child(bar)
	# It lies over the whole card.
	var press: Button = Look.button("", func() -> void: look_wanted.emit(str(card.get_meta(&"task_id"))), &"CardButton")
	card.add_child(press)
	card.visible = false
	_cards.append(
		{"card": card, "prompt": prompt, "who": who, "status": status, "mark": mark, "bar": bar, "press": press}
	)
	return card


func _fill() -> void:
	var tasks: Array[Dictionary] = AgentVM.get_known_tasks()
	tasks.reverse()
	var known: Array[Dictionary] = tasks.filter(func(task: Dictionary) -> bool: return task.has("prompt"))
	_empty.visible = known.is_empty()
	_tell_waiting(known)
	for index: int in _cards.size():
		var card: Control = _cards[index]["card"]
		card.visible = index < mini(known.size(), _shown_max)
		if card.visible:
			_fill_card(_cards[index], known[index])


func _fill_card(card: Dictionary, task: Dictionary) -> void:
	var status: String = _status_of(task)
	var panel: Control = card["card"]
	panel.set_meta(&"task_id", task["id"])
	var press: Button = card["press"]
	press.visible = task.get("changes") is Dictionary or status == "asking"
	press.tooltip_text = "Answer" if status == "asking" else "See what was changed"
	var prompt: Label = card["prompt"]
	prompt.text = str(task["prompt"])
	prompt.tooltip_text = str(task["prompt"])
	var who: Label = card["who"]
	var agent: Dictionary = AgentVM.get_known_agent(str(task.get("agent_id")))
	who.text = str(agent.get("name", "nobody yet"))
	if task.get("team_id") is String:
		who.text += " · team"
	var color: Color = COLORS[status] if COLORS.has(status) else Look.QUIET
	var word: Label = card["status"]
	word.text = WORDS[status] if WORDS.has(status) else status
	word.add_theme_color_override(&"font_color", color)
	var mark: Mark = card["mark"]
	mark.show_shape(SHAPES[status] if SHAPES.has(status) else Mark.Shape.DOT, color)
	var bar: ProgressBar = card["bar"]
	bar.visible = status == "running" or status == "asking"
	var progress: float = task.get("progress", 0.0)
	bar.value = progress


## How a task stands for the player, who has something to do with some of them.
func _status_of(task: Dictionary) -> String:
	if task.get("question") is Dictionary:
		return "asking"
	var changes: Variant = task.get("changes")
	return str((changes as Dictionary).get("review")) if changes is Dictionary else str(task.get("status"))


## Tells of those that wait for the player, where they are others than before.
func _tell_waiting(newest_first: Array[Dictionary]) -> void:
	var asking: Array[String] = []
	var open: Array[String] = []
	for task: Dictionary in newest_first:
		match _status_of(task):
			"asking":
				asking.push_front(str(task["id"]))
			"open":
				open.push_front(str(task["id"]))
	# Whose question was answered is another one when the task has changes later.
	var marked: Array[String] = []
	marked.assign(asking.map(func(id: String) -> String: return "? " + id))
	marked.append_array(open)
	if marked == _waiting:
		return
	_waiting = marked
	asking.append_array(open)
	var tasks: Array[AgentVMTask] = []
	tasks.assign(asking.map(func(id: String) -> AgentVMTask: return AgentVM.as_task(id)))
	waiting_changed.emit(tasks)


func _on_sound_pressed() -> void:
	_chime.is_on = not _chime.is_on
	_tell_sound()
	_chime.ring()


func _tell_sound() -> void:
	_sound.text = "Sound: on" if _chime.is_on else "Sound: off"
