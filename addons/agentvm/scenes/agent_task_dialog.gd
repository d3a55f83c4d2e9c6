@icon("res://addons/agentvm/icon.svg")
class_name AgentTaskDialog
extends CanvasLayer
## Shows what an agent asks, and lets the player answer; shows what a task has changed as a diff, and lets the player
## accept or discard it. Works with mouse, keyboard, gamepad and finger, over 2D and 3D alike.
##
## Drop [code]agent_task_dialog.tscn[/code] into a scene. A click on an NPC whose agent waits for an answer opens it by
## itself. For changes, and for characters of your own, say when:
## [codeblock]
## AgentVM.task_completed.connect(func(task_id: String, _output: String) -> void: $AgentTaskDialog.show_task(task_id))
## [/codeblock]
## [method show_task] opens nothing for a task that asks nothing and has changed nothing.

## The dialog has opened for a task.
signal opened(task_id: String)
## The player has answered a question, with the id of an option or with words.
signal answered(task_id: String, answer: String)
## The player has accepted changes, or discarded them.
signal reviewed(task_id: String, is_accepted: bool)
## The dialog is gone.
signal closed

const DiffView = preload("parts/diff_view.gd")
const Feed = preload("parts/npc_feed.gd")
const Frame = preload("parts/dialog_frame.gd")
const Look = preload("parts/dialog_look.gd")
const Wire = preload("../core/wire.gd")

## Milliseconds after it opened by itself in which presses count for nothing: they were meant for the game.
const GUARD_MS: int = 500
## Questions and changes that the player has put off, of which it opens for none by itself again.
const PUT_OFF_MAX: int = 256
## Files that are listed at the most.
const FILES_MAX: int = 100
const TEXT_MAX: int = 4_000
## What became of a file, in a word.
const FILE_WORDS: Dictionary[String, String] = {
	"added": "new",
	"modified": "changed",
	"deleted": "gone",
	"renamed": "renamed",
}

## Whether it opens by itself when something is asked, or a task that changed something is done.
@export var opens_by_itself: bool = false
## How it looks; empty takes its own.
@export var theme: Theme = null:
	set(value):
		theme = value
		_frame.theme = Look.theme() if value == null else value

## The manager whose tasks are shown. Null takes the scene's own, else the autoload [code]AgentVM[/code].
var manager: AgentVMManager = null:
	set(value):
		_disconnect_manager()
		manager = value
		_connect_manager()
## The task that is shown; empty while the dialog is closed.
var task_id: String = ""

var _source: AgentVMManager = null
var _feed: Feed = null
var _frame: Frame = Frame.new()
var _question_id: String = ""
var _is_sending: bool = false
var _guarded_until_ms: int = 0
var _put_off: Dictionary[String, bool] = {}
var _focus_before: Control = null


func _init() -> void:
	layer = 64
	visible = false
	process_mode = Node.PROCESS_MODE_ALWAYS
	_frame.close_wanted.connect(close)
	add_child(_frame)
	_frame.set_process(false)


func _enter_tree() -> void:
	_connect_manager()


func _exit_tree() -> void:
	_disconnect_manager()


func _input(event: InputEvent) -> void:
	if not visible:
		return
	# The engine's own actions know the keys of a keyboard alone.
	var pad: InputEventJoypadButton = event as InputEventJoypadButton
	var is_pad: bool = pad != null and pad.pressed
	var viewport: Viewport = get_viewport()
	if event.is_action_pressed(&"ui_cancel") or (is_pad and pad.button_index == JOY_BUTTON_B):
		viewport.set_input_as_handled()
		close()
	elif is_pad and pad.button_index == JOY_BUTTON_A and not event.is_action(&"ui_accept"):
		viewport.set_input_as_handled()
		_frame.press_focused()
	elif _frame.scroll_by(event):
		viewport.set_input_as_handled()


func _shortcut_input(_event: InputEvent) -> void:
	# Keys and buttons that the dialog has no use for are not for the game beneath it.
	if visible:
		get_viewport().set_input_as_handled()


## Shows what a task asks, or else what it has changed. Returns whether there is either.
func show_task(id: String) -> bool:
	if _source == null:
		push_warning("AgentTaskDialog: there is no AgentVMManager. Enable the AgentVM plugin, or set manager.")
		return false
	var task: AgentVMTask = _source.as_task(id)
	if task.question.is_empty() and task.changes.is_empty():
		await _source.get_task_status(id)
	if not is_inside_tree() or _source == null:
		return false
	if not task.question.is_empty():
		_show_question(task)
	elif not task.changes.is_empty():
		_show_changes(task)
	else:
		return false
	return true


## Shows what an agent asks. Returns whether it asks anything.
func show_question_of(agent_id: String) -> bool:
	if _source == null:
		return false
	var agent: AgentVMAgent = _source.as_agent(agent_id)
	var task: AgentVMTask = agent.get_question_task()
	if task == null:
		task = agent.get_task()
	return task != null and await show_task(task.id)


## Goes away. A question that was shown stays open.
func close() -> void:
	if not visible:
		return
	visible = false
	_frame.set_process(false)
	_put_off_shown()
	task_id = ""
	_question_id = ""
	_is_sending = false
	_frame.clear()
	if is_instance_valid(_focus_before) and _focus_before.is_visible_in_tree():
		_focus_before.grab_focus()
	_focus_before = null
	closed.emit()
	_open_next.call_deferred()


## Whether it is open.
func is_open() -> bool:
	return visible


func _connect_manager() -> void:
	if not is_inside_tree() or _source != null:
		return
	_source = manager if manager != null else Feed.manager_near(self)
	if _source == null:
		return
	_feed = Feed.of(_source)
	_feed.question_requested.connect(show_question_of)
	_source.question_asked.connect(_on_question_asked)
	_source.question_answered.connect(_on_question_answered)
	_source.task_completed.connect(_on_task_over)
	_source.task_failed.connect(_on_task_over)
	_source.work_reviewed.connect(_on_work_reviewed)


func _disconnect_manager() -> void:
	if is_instance_valid(_source):
		_feed.question_requested.disconnect(show_question_of)
		_source.question_asked.disconnect(_on_question_asked)
		_source.question_answered.disconnect(_on_question_answered)
		_source.task_completed.disconnect(_on_task_over)
		_source.task_failed.disconnect(_on_task_over)
		_source.work_reviewed.disconnect(_on_work_reviewed)
	_source = null
	_feed = null
	close()


func _begin(task: AgentVMTask, title: String) -> void:
	if not visible:
		_focus_before = get_viewport().gui_get_focus_owner()
	task_id = task.id
	_question_id = ""
	_is_sending = false
	_frame.clear()
	_frame.title.text = title
	visible = true
	_frame.set_process(true)


func _finish(first: Control) -> void:
	_frame.arrange()
	_frame.hold_focus(first)
	opened.emit(task_id)


func _name_of(task: AgentVMTask) -> String:
	var agent: AgentVMAgent = task.get_agent()
	return agent.name if agent != null and not agent.name.is_empty() else "An agent"


func _show_question(task: AgentVMTask) -> void:
	var question: Dictionary = task.question
	_begin(task, "%s asks" % _name_of(task))
	_question_id = Wire.text(question.get("question_id"))
	_add_text(Wire.text(question.get("text")), 17)
	_add_about(Wire.object(question.get("about")))
	_frame.buttons.add_child(Look.button("Later", close))
	var first: Control = null
	for option: Dictionary in Wire.objects(question.get("options")):
		var made: Control = _add_option(option)
		first = made if first == null else first
	if first == null:
		first = _add_words()
	_finish(first)


func _add_text(text: String, size: int = 16, color: Color = Look.TEXT) -> void:
	var label: Label = Look.label(size, color)
	label.text = text
	_frame.body.add_child(label)


## What is asked about: the tool, and on which file, with which command, with which change.
func _add_about(about: Dictionary) -> void:
	if about.is_empty():
		return
	var tool: String = Wire.text(about.get("tool"))
	var title: String = Wire.text(about.get("title"))
	# What the title says already is not said again.
	var is_named: bool = tool.is_empty() or title.to_lower().begins_with(tool.to_lower())
	_add_text(title if is_named else "%s: %s" % [tool, title], 15, Look.QUIET)
	for field: String in ["path", "command"]:
		var text: String = Wire.text(about.get(field))
		if not text.is_empty() and not (field == "path" and title.contains(text)):
			_add_card("%s  %s" % ["File" if field == "path" else "Command", text])
	_add_diff(Wire.text(about.get("diff")))


func _add_card(text: String) -> void:
	var card: PanelContainer = PanelContainer.new()
	card.theme_type_variation = &"Card"
	var label: Label = Look.label(15)
	label.text = text
	label.autowrap_mode = TextServer.AUTOWRAP_ARBITRARY
	card.add_child(label)
	_frame.body.add_child(card)


func _add_diff(diff: String) -> void:
	if diff.is_empty():
		return
	var card: PanelContainer = PanelContainer.new()
	card.theme_type_variation = &"Card"
	var view: DiffView = DiffView.new()
	view.show_diff(diff)
	card.add_child(view)
	_frame.body.add_child(card)


func _add_option(option: Dictionary) -> Button:
	var id: String = Wire.text(option.get("id"))
	var label: String = Wire.text(option.get("label"))
	var hint: String = Wire.text(option.get("hint"))
	var is_first: bool = _frame.answers.get_child_count() == 0
	var button: Button = Look.button(
		label if not label.is_empty() else id, _answer.bind(id), &"MainButton" if is_first else &""
	)
	button.autowrap_mode = TextServer.AUTOWRAP_WORD_SMART
	button.size_flags_horizontal = Control.SIZE_EXPAND_FILL
	_frame.answers.add_child(button)
	if not hint.is_empty():
		var says: Label = Look.label(14, Look.QUIET)
		says.text = hint
		_frame.answers.add_child(says)
	return button


func _add_words() -> LineEdit:
	var words: LineEdit = LineEdit.new()
	words.placeholder_text = "Your answer"
	words.max_length = TEXT_MAX
	words.custom_minimum_size.y = Look.TOUCH
	words.text_submitted.connect(_answer)
	_frame.answers.add_child(words)
	var send: Button = Look.button("Send", func() -> void: _answer(words.text), &"MainButton")
	send.disabled = true
	words.text_changed.connect(func(text: String) -> void: send.disabled = text.strip_edges().is_empty())
	_frame.buttons.add_child(send)
	return words


func _show_changes(task: AgentVMTask) -> void:
	var changes: Dictionary = task.changes
	_begin(task, "%s: %s" % [_name_of(task), task.prompt.left(120)])
	var review: String = Wire.text(changes.get("review"))
	var files: Array[Dictionary] = Wire.objects(changes.get("files"))
	var count: String = "1 file" if files.size() == 1 else "%d files" % files.size()
	var lines: Array[int] = [Wire.integer(changes.get("insertions")), Wire.integer(changes.get("deletions"))]
	_add_text("%s, +%d −%d lines, for %s" % [count, lines[0], lines[1], Wire.text(changes.get("base"))], 15, Look.QUIET)
	for file: Dictionary in files.slice(0, FILES_MAX):
		_add_text(_words_of(file), 15)
	if files.size() > FILES_MAX:
		_add_text("… and %d files more" % (files.size() - FILES_MAX), 15, Look.QUIET)
	var close_button: Button = Look.button("Close", close)
	_frame.buttons.add_child(close_button)
	var first: Control = close_button
	if review == "open":
		_frame.buttons.add_child(Look.button("Discard", _review.bind(false)))
		first = Look.button("Accept", _review.bind(true), &"MainButton")
		_frame.buttons.add_child(first)
	else:
		_add_text("These changes are %s." % review, 16, Look.GOOD if review == "accepted" else Look.QUIET)
	_finish(first)
	_load_diff(task)


func _words_of(file: Dictionary) -> String:
	var status: String = Wire.text(file.get("status"))
	var word: String = FILE_WORDS[status] if FILE_WORDS.has(status) else status
	var lines: Array[int] = [Wire.integer(file.get("insertions")), Wire.integer(file.get("deletions"))]
	return "%s  %s  +%d −%d" % [word, Wire.text(file.get("path")), lines[0], lines[1]]


func _load_diff(task: AgentVMTask) -> void:
	var of: String = task.id
	var diff: String = await task.get_diff()
	if not visible or task_id != of:
		return
	if diff.is_empty():
		_add_text("There is no text of the changes to look at.", 15, Look.QUIET)
	else:
		_add_diff(diff)
	_frame.arrange()


func _may_press() -> bool:
	return not _is_sending and Time.get_ticks_msec() >= _guarded_until_ms


func _answer(text: String) -> void:
	if not _may_press() or text.strip_edges().is_empty():
		return
	var of: String = task_id
	var question_id: String = _question_id
	_send_begins()
	var worked: bool = await _source.answer_question(of, text, question_id)
	if worked:
		answered.emit(of, text)
	if _question_id == question_id:
		_send_ends(worked)


func _review(is_accepted: bool) -> void:
	if not _may_press():
		return
	var of: String = task_id
	_send_begins()
	var worked: bool = await _source.accept_work(of) if is_accepted else await _source.discard_work(of)
	if worked:
		reviewed.emit(of, is_accepted)
	if task_id == of and _is_sending:
		_send_ends(worked)


func _send_begins() -> void:
	_is_sending = true
	_frame.tell("")
	_frame.set_busy(true)


func _send_ends(worked: bool) -> void:
	_is_sending = false
	if worked:
		close()
		return
	_frame.set_busy(false)
	var error: AgentVMError = _source.last_error
	if error == null:
		return
	_frame.tell(_words_of_error(error))
	if error.code == "no_such_question" or error.code == "already_reviewed":
		_leave_only_close()
	_frame.arrange()
	_frame.hold_focus()


func _words_of_error(error: AgentVMError) -> String:
	if error.code != "merge_conflict":
		return error.message
	var files: PackedStringArray = []
	for item: Dictionary in Wire.objects(error.detail):
		var loc: Variant = item.get("loc")
		if loc is Array and not (loc as Array).is_empty():
			files.append(str((loc as Array)[-1]))
	return "It does not fit any more, and nothing was changed: %s." % ", ".join(files.slice(0, 8))


## What is over cannot be answered: the dialog says so and can be closed.
func _leave_only_close() -> void:
	for part: Container in [_frame.answers, _frame.buttons]:
		for child: Node in part.get_children():
			part.remove_child(child)
			child.queue_free()
	_frame.buttons.add_child(Look.button("Close", close))


func _on_question_asked(id: String, _agent_id: String, _question: Dictionary) -> void:
	_open_by_itself(id)


func _on_task_over(id: String, _what: String) -> void:
	_open_by_itself(id)


func _on_question_answered(id: String, question_id: String, answer: String, by: String) -> void:
	if not visible or id != task_id or question_id != _question_id or _is_sending:
		return
	var why: String = "It was answered elsewhere: %s." % answer.left(80)
	if by == "time":
		why = "Nobody answered in time, and the work goes on without."
	elif by == "worker":
		why = "This need not be answered any more."
	_frame.tell(why)
	_leave_only_close()
	_frame.arrange()
	_frame.hold_focus()


func _on_work_reviewed(id: String, _changes: Dictionary) -> void:
	if visible and id == task_id and _question_id.is_empty() and not _is_sending:
		_show_changes(_source.as_task(id))


func _open_by_itself(id: String) -> void:
	if not opens_by_itself or visible or not is_inside_tree():
		return
	var task: AgentVMTask = _source.as_task(id)
	var key: String = _key_of(task)
	if key.is_empty() or _put_off.has(key):
		return
	_guarded_until_ms = Time.get_ticks_msec() + GUARD_MS
	show_task(id)


func _open_next() -> void:
	if not opens_by_itself or not is_instance_valid(_source):
		return
	for task: Dictionary in _source.get_known_tasks():
		if not visible:
			_open_by_itself(str(task["id"]))


## What of a task waits for the player; empty for nothing.
func _key_of(task: AgentVMTask) -> String:
	var question: Dictionary = task.question
	if not question.is_empty():
		return Wire.text(question.get("question_id"))
	return "review %s" % task.id if task.is_over() and task.is_to_review() else ""


func _put_off_shown() -> void:
	if _put_off.size() >= PUT_OFF_MAX:
		var oldest: String = _put_off.keys()[0]
		_put_off.erase(oldest)
	_put_off["review %s" % task_id if _question_id.is_empty() else _question_id] = true
