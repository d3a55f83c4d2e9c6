extends Button
## Who waits for the player: first those who ask, then those whose changes nobody has looked at yet. A press, or the key
## Q, goes to the first of them, and the next one to the next.

## The player wants to see what a task asks or has changed.
signal look_wanted(task_id: String)

const Look = preload("look.gd")

## Whether something else is open, which keys belong to.
var is_covered: bool = false:
	set(value):
		is_covered = value
		_update()

var _waiting: Array[AgentVMTask] = []
var _seen_id: String = ""


func _ready() -> void:
	theme_type_variation = &"HandButton"
	custom_minimum_size.y = Look.TOUCH
	var key: InputEventKey = InputEventKey.new()
	key.keycode = KEY_Q
	shortcut = Shortcut.new()
	shortcut.events = [key]
	# The word for it is on the button, as far as there is a keyboard.
	shortcut_in_tooltip = false
	pressed.connect(_on_pressed)
	_update()


## Shows who waits, the longest first.
func show_waiting(waiting: Array[AgentVMTask]) -> void:
	_waiting = waiting
	_update()


func _next() -> AgentVMTask:
	for index: int in _waiting.size():
		if _waiting[index].id == _seen_id:
			return _waiting[(index + 1) % _waiting.size()]
	return _waiting[0]


func _update() -> void:
	visible = not _waiting.is_empty() and not is_covered
	if not visible:
		return
	var task: AgentVMTask = _next()
	var agent: AgentVMAgent = task.get_agent()
	var name_of_it: String = "somebody" if agent == null or agent.name.is_empty() else agent.name
	text = "See what %s changed" % name_of_it if task.question.is_empty() else "%s asks you: answer" % name_of_it
	if _waiting.size() > 1:
		text += " (1 of %d)" % _waiting.size()
	if not DisplayServer.is_touchscreen_available():
		text += "  [Q]"


func _on_pressed() -> void:
	if _waiting.is_empty():
		return
	var task: AgentVMTask = _next()
	_seen_id = task.id
	_update()
	look_wanted.emit(task.id)
