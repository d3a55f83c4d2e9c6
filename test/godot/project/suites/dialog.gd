extends "res://suite.gd"
## The dialog in which the player answers what an agent asks, and sees what a task has changed.

const DIALOG: PackedScene = preload("res://addons/agentvm/scenes/agent_task_dialog.tscn")
const Stage = preload("res://stage.gd")

var _stage: Stage = null
var _dialog: AgentTaskDialog = null
var _told: Array[String] = []


## A manager, and a dialog of its own that is not open.
func _connected(options: Dictionary = {}) -> AgentVMManager:
	var agents: AgentVMManager = manager()
	expect(await agents.connect_to_api(await desk(options), "development-key"), "connected: %s" % agents.last_error)
	_told = []
	_stage = Stage.new()
	add_child(_stage)
	_dialog = DIALOG.instantiate()
	_dialog.manager = agents
	_dialog.answered.connect(func(_id: String, answer: String) -> void: _told.append("answered %s" % answer))
	_dialog.reviewed.connect(func(_id: String, is_accepted: bool) -> void: _told.append("accepted %s" % is_accepted))
	_dialog.closed.connect(func() -> void: _told.append("closed"))
	_stage.add_child(_dialog)
	return agents


## Gives a task to an agent of its own, and waits until it asks something or is over.
func _given(agents: AgentVMManager, task_type: String, prompt: String = "The jump") -> AgentVMTask:
	var agent: AgentVMAgent = agents.as_agent(await agents.create_agent("aider", {"name": "Ada"}))
	var task: AgentVMTask = await agent.assign(prompt, task_type)
	await until(func() -> bool: return not task.question.is_empty() or task.is_over(), "a question or the end")
	return task


## Opens the dialog for a task, and waits until it lies where it stays.
func _opened(task: AgentVMTask) -> void:
	expect(await _dialog.show_task(task.id), "it opens")
	await _stage.frames(4)


func _all(type: String, from: Node = null) -> Array[Control]:
	var found: Array[Control] = []
	for child: Node in (_dialog if from == null else from).get_children():
		if child is Control and (child as Control).is_visible_in_tree():
			if child.is_class(type):
				found.append(child)
			found.append_array(_all(type, child))
	return found


## Everything that can be read in the dialog.
func _words() -> String:
	var words: PackedStringArray = []
	for label: Label in _all("Label"):
		words.append(label.text)
	for text: RichTextLabel in _all("RichTextLabel"):
		words.append(text.get_parsed_text())
	return "\n".join(words)


func _button(text: String) -> Button:
	for button: Button in _all("Button"):
		if button.text == text:
			return button
	faults.append("there is no button %s among %s" % [text, _all("Button").map(func(one: Button) -> String: return one.text)])
	return Button.new()


func _click(text: String) -> void:
	_stage.click(_button(text).get_global_rect().get_center())


func _key(code: Key) -> void:
	for is_down: bool in [true, false]:
		var key: InputEventKey = InputEventKey.new()
		key.keycode = code
		key.physical_keycode = code
		key.pressed = is_down
		_stage.push_input(key, true)


func _pad(index: JoyButton) -> void:
	for is_down: bool in [true, false]:
		var press: InputEventJoypadButton = InputEventJoypadButton.new()
		press.button_index = index
		press.pressed = is_down
		_stage.push_input(press, true)


## A question stands there with what it is about, and the mouse answers it.
func test_by_mouse() -> void:
	var agents: AgentVMManager = await _connected()
	var task: AgentVMTask = await _given(agents, "asking_leave")
	await _opened(task)
	var words: String = _words()
	for part: String in ["Ada asks", "May I write player.ts?", "src/player/player.ts", "npm test -- jump", "+jump()", "This once."]:
		expect_contains(words, part, "what can be read")
	_click("Allow")
	expect(await task.finished(), "it is completed")
	expect_equal(_told, ["answered allow", "closed"] as Array[String], "told")
	expect_equal(_dialog.is_open(), false, "it is gone")


## The keyboard alone answers a question, and the focus does not leave the dialog.
func test_by_keyboard() -> void:
	var agents: AgentVMManager = await _connected()
	var task: AgentVMTask = await _given(agents, "asking")
	var elsewhere: Button = Button.new()
	_stage.add_child(elsewhere)
	elsewhere.grab_focus()
	await _opened(task)
	for turn: int in 4:
		_key(KEY_DOWN)
	expect_equal(_stage.gui_get_focus_owner(), _button("blue"), "the focus after a round")
	_key(KEY_ENTER)
	await task.finished()
	expect_equal(task.output, "blue by player\n", "output")
	expect_equal(_stage.gui_get_focus_owner(), elsewhere, "the focus afterwards")


## A gamepad answers a question.
func test_by_gamepad() -> void:
	var agents: AgentVMManager = await _connected()
	var task: AgentVMTask = await _given(agents, "asking")
	await _opened(task)
	_pad(JOY_BUTTON_DPAD_DOWN)
	_pad(JOY_BUTTON_A)
	await task.finished()
	expect_equal(task.output, "blue by player\n", "output")


## Words are typed and sent.
func test_words() -> void:
	var agents: AgentVMManager = await _connected()
	var task: AgentVMTask = await _given(agents, "wording")
	await _opened(task)
	expect(_button("Send").disabled, "nothing is sent while nothing is typed")
	var words: LineEdit = _all("LineEdit")[0]
	expect_equal(_stage.gui_get_focus_owner(), words, "the focus")
	words.text = "Zoë's jump"
	words.text_changed.emit(words.text)
	_key(KEY_ENTER)
	await task.finished()
	expect_equal(task.output, "Zoë's jump by player\n", "output")


## A question can be put off: it stays open, and so does what was beneath the dialog.
func test_put_off() -> void:
	var agents: AgentVMManager = await _connected()
	var task: AgentVMTask = await _given(agents, "asking")
	await _opened(task)
	_key(KEY_ESCAPE)
	expect_equal(_dialog.is_open(), false, "escape")
	await _opened(task)
	_pad(JOY_BUTTON_B)
	expect_equal(_dialog.is_open(), false, "the gamepad's way back")
	await _opened(task)
	_click("Later")
	expect_equal(_dialog.is_open(), false, "later")
	expect_equal(task.question.is_empty(), false, "the question is open yet")
	expect_equal(_told, ["closed", "closed", "closed"] as Array[String], "told")


## Keys that the dialog has no use for do not reach the game beneath it.
func test_keys_stay() -> void:
	var agents: AgentVMManager = await _connected()
	var game: KeyCounter = KeyCounter.new()
	_stage.add_child(game)
	_key(KEY_W)
	var task: AgentVMTask = await _given(agents, "asking")
	await _opened(task)
	_key(KEY_W)
	_pad(JOY_BUTTON_X)
	expect_equal(game.count, 1, "presses that the game saw")


class KeyCounter:
	extends Node

	var count: int = 0

	func _unhandled_input(event: InputEvent) -> void:
		count += 1 if event.is_pressed() else 0


## A question whose time runs out while it is shown says so, and can be closed.
func test_runs_out() -> void:
	var agents: AgentVMManager = await _connected({"speed": 30})
	var task: AgentVMTask = await _given(agents, "asking")
	await _opened(task)
	await task.finished()
	await _stage.frames(2)
	expect_contains(_words(), "Nobody answered in time", "what can be read")
	_click("Close")
	expect_equal(_dialog.is_open(), false, "it is gone")
	expect_equal(_told, ["closed"] as Array[String], "told")


## A question that somebody else answers meanwhile says so.
func test_answered_elsewhere() -> void:
	var agents: AgentVMManager = await _connected()
	var task: AgentVMTask = await _given(agents, "asking")
	await _opened(task)
	await task.answer("red")
	await task.finished()
	await _stage.frames(2)
	expect_contains(_words(), "answered elsewhere: red", "what can be read")


## What a task has changed is shown as a diff, and accepted.
func test_accepts() -> void:
	var agents: AgentVMManager = await _connected()
	var task: AgentVMTask = await _given(agents, "changing")
	await _opened(task)
	await until(func() -> bool: return _words().contains("+jump()"), "the diff")
	await _stage.frames(2)
	expect_contains(_words(), "changed  player.ts  +1 −1", "the file")
	expect_contains(_words(), "1 file, +1 −1 lines, for main", "the sum")
	_click("Accept")
	await until(func() -> bool: return task.changes.get("review") == "accepted", "the review")
	await until(func() -> bool: return not _dialog.is_open(), "the end")
	expect_equal(_told, ["accepted true", "closed"] as Array[String], "told")
	await _opened(task)
	expect_contains(_words(), "These changes are accepted.", "what can be read afterwards")
	expect_equal(_all("Button").size(), 1, "there is nothing left to do but to close")


## What does not fit any more says which files, and can be discarded then.
func test_conflict() -> void:
	var agents: AgentVMManager = await _connected()
	var task: AgentVMTask = await _given(agents, "changing", "Something in conflict")
	await _opened(task)
	_click("Accept")
	await until(func() -> bool: return _words().contains("nothing was changed: player.ts"), "the refusal")
	await _stage.frames(2)
	_click("Discard")
	await until(func() -> bool: return task.changes.get("review") == "discarded", "the review")


## A click on an NPC that waits opens the dialog by itself; a click on one that does not asks the game.
func test_click_on_npc() -> void:
	var agents: AgentVMManager = await _connected()
	var npc: AgentNPC2D = Stage.NPC_2D.instantiate()
	npc.manager = agents
	npc.follow_agent = false
	npc.position = Vector2(320.0, 200.0)
	_stage.add_child(npc)
	var asked: Array[String] = []
	npc.interaction_requested.connect(func(_id: String) -> void: asked.append("interaction"))
	npc.question_requested.connect(func(_id: String) -> void: asked.append("question"))
	npc.agent_id = await agents.create_agent("aider", {"name": "Ada"})
	await _stage.frames(4)
	_stage.click(Vector2(320.0, 170.0))
	var task: AgentVMTask = await agents.as_agent(npc.agent_id).assign("The jump", "asking")
	await until(func() -> bool: return npc.state == "waiting", "the raised hand")
	_stage.click(Vector2(320.0, 170.0))
	await until(func() -> bool: return _dialog.is_open(), "the dialog")
	expect_equal(asked, ["interaction", "question"] as Array[String], "asked")
	expect_equal(_dialog.task_id, task.id, "the task that is shown")


## Where nobody listens for questions, a click on an NPC that waits is told as it always was.
func test_click_in_a_game_of_before() -> void:
	var stage: Stage = Stage.new()
	add_child(stage)
	var npc: AgentNPC3D = stage.npc_3d()
	npc.show_agent({"state": "waiting"})
	var asked: Array[String] = []
	npc.interaction_requested.connect(func(_id: String) -> void: asked.append("interaction"))
	await stage.frames(3)
	stage.click(stage.middle_of(npc))
	npc.question_requested.connect(func(_id: String) -> void: asked.append("question"))
	stage.click(stage.middle_of(npc))
	expect_equal(asked, ["interaction", "question"] as Array[String], "asked")


## A dialog that opens by itself shows one thing after the other, and what was put off no second time.
func test_opens_by_itself() -> void:
	var agents: AgentVMManager = await _connected()
	_dialog.opens_by_itself = true
	var task: AgentVMTask = await _given(agents, "asking")
	await until(func() -> bool: return _dialog.task_id == task.id, "the question")
	_button("red").pressed.emit()
	expect_equal(task.question.is_empty(), false, "a press that was meant for the game counts for nothing")
	var work: AgentVMTask = await _given(agents, "changing")
	expect_equal(_dialog.task_id, task.id, "the first one stays")
	_key(KEY_ESCAPE)
	await until(func() -> bool: return _dialog.task_id == work.id, "the changes")
	_key(KEY_ESCAPE)
	await _stage.frames(4)
	expect_equal(_dialog.is_open(), false, "what was put off is not shown again")


## On a screen as small as a phone's, what is long scrolls and every button can be reached.
func test_small_screen() -> void:
	var agents: AgentVMManager = await _connected()
	_stage.size = Vector2i(320, 300)
	var task: AgentVMTask = await _given(agents, "asking_leave")
	await _opened(task)
	var screen: Rect2 = Rect2(Vector2.ZERO, Vector2(320.0, 300.0))
	expect(screen.encloses(_button("Later").get_global_rect()), "Later: %s" % _button("Later").get_global_rect())
	expect(screen.has_point(_button("Allow").get_global_rect().get_center()), "Allow: %s" % _button("Allow").get_global_rect())
	for turn: int in 2:
		_key(KEY_DOWN)
	await _stage.frames(3)
	expect(screen.has_point(_button("Deny").get_global_rect().get_center()), "Deny: %s" % _button("Deny").get_global_rect())


## A task that asks nothing and has changed nothing opens nothing, and neither does one that is none.
func test_nothing_to_show() -> void:
	var agents: AgentVMManager = await _connected()
	expect_equal(await _dialog.show_task("task_none"), false, "no task")
	var task: AgentVMTask = await _given(agents, "asking")
	await task.answer("red")
	await task.finished()
	expect_equal(await _dialog.show_task(task.id), false, "a task with nothing to show")
	expect_equal(await _dialog.show_question_of("agent_none"), false, "no agent")
	expect_equal(_dialog.is_open(), false, "it is closed")


## A long diff is cut, and says how much is missing.
func test_long_diff() -> void:
	var view: RichTextLabel = preload("res://addons/agentvm/scenes/parts/diff_view.gd").new()
	add_child(view)
	view.call(&"show_diff", "+line [b]bold[/b]\n".repeat(2_000))
	expect_contains(view.get_parsed_text(), "+line [b]bold[/b]", "what it is is shown as it is")
	expect_contains(view.get_parsed_text(), "… and 500 lines more", "the rest")


## A diff of git's is shown without what git needs it for: the file, the line, and what came and went.
func test_git_diff() -> void:
	var view: RichTextLabel = preload("res://addons/agentvm/scenes/parts/diff_view.gd").new()
	add_child(view)
	var head: String = "diff --git a/player.gd b/player.gd\nindex e72689c..25b336a 100644\n--- a/player.gd\n+++ b/player.gd\n"
	view.call(&"show_diff", head + "@@ -4,3 +4,3 @@ func jump():\n same\n--- gone\n+++ come\n same\n@@ -9 +9 @@\n-a\n+b\n")
	expect_equal(
		view.get_parsed_text(),
		"player.gd\nline 4\n same\n--- gone\n+++ come\n same\nline 9\n-a\n+b",
		"what can be read"
	)
