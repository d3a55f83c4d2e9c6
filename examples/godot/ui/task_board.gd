extends PanelContainer
## The last tasks: what they are, who has them, how far they are, and how they ended.

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
	"completed": "done",
	"failed": "failed",
	"cancelled": "called off",
}
const SHAPES: Dictionary[String, Mark.Shape] = {
	"pending": Mark.Shape.WAIT,
	"assigned": Mark.Shape.WAIT,
	"running": Mark.Shape.PLAY,
	"completed": Mark.Shape.CHECK,
	"failed": Mark.Shape.CROSS,
	"cancelled": Mark.Shape.BAR,
}
const COLORS: Dictionary[String, Color] = {
	"pending": Look.WAIT,
	"assigned": Look.WAIT,
	"running": Look.ACCENT,
	"completed": Look.GOOD,
	"failed": Look.BAD,
	"cancelled": Look.QUIET,
}

# Cards that there is room for.
var _shown_max: int = CARDS_MAX
var _list: VBoxContainer = VBoxContainer.new()
var _empty: Label = Look.label("Nothing to do yet. Click or tap somebody.", 14, Look.QUIET)
var _cards: Array[Dictionary] = []
var _is_stale: bool = true
var _next_ms: int = 0


func _ready() -> void:
	var column: VBoxContainer = VBoxContainer.new()
	add_child(column)
	column.add_child(Look.label("Tasks", 16))
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
	card.visible = false
	_cards.append({"card": card, "prompt": prompt, "who": who, "status": status, "mark": mark, "bar": bar})
	return card


func _fill() -> void:
	var tasks: Array[Dictionary] = AgentVM.get_known_tasks()
	tasks.reverse()
	var known: Array[Dictionary] = tasks.filter(func(task: Dictionary) -> bool: return task.has("prompt"))
	_empty.visible = known.is_empty()
	for index: int in _cards.size():
		var card: Control = _cards[index]["card"]
		card.visible = index < mini(known.size(), _shown_max)
		if card.visible:
			_fill_card(_cards[index], known[index])


func _fill_card(card: Dictionary, task: Dictionary) -> void:
	var status: String = str(task.get("status"))
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
	bar.visible = status == "running"
	var progress: float = task.get("progress", 0.0)
	bar.value = progress
