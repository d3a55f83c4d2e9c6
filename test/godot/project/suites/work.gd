extends "res://suite.gd"
## Work that asks, changes something and has helpers, against a real server.

const KEY: String = "development-key"
const DIFF: String = "--- a/player.ts\n+++ b/player.ts\n@@ -1 +1 @@\n-jump\n+jump()\n"


func _connected(options: Dictionary = {}) -> AgentVMManager:
	var agents: AgentVMManager = manager()
	var worked: bool = await agents.connect_to_api(await desk(options), KEY)
	expect(worked, "connected: %s" % agents.last_error)
	return agents


## Gives a task to an agent of its own.
func _given(agents: AgentVMManager, task_type: String, prompt: String = "The jump") -> AgentVMTask:
	var agent: AgentVMAgent = agents.as_agent(await agents.create_agent("aider", {"name": "Ada"}))
	var task: AgentVMTask = await agent.assign(prompt, task_type)
	expect(task != null, "%s is taken: %s" % [task_type, agents.last_error])
	return task


## The same, once it has asked something.
func _asking(agents: AgentVMManager, task_type: String) -> AgentVMTask:
	var task: AgentVMTask = await _given(agents, task_type)
	await until(func() -> bool: return not task.question.is_empty(), "the question")
	return task


## An agent asks, waits, is answered with one of the options, and goes on.
func test_question() -> void:
	var agents: AgentVMManager = await _connected()
	var told: Array[String] = []
	agents.question_asked.connect(
		func(task_id: String, agent_id: String, asked: Dictionary) -> void:
			told.append("%s %s asks %s" % [task_id, agent_id, asked["text"]])
	)
	agents.question_answered.connect(
		func(task_id: String, question_id: String, answer: String, by: String) -> void:
			told.append("%s %s %s by %s" % [task_id, question_id, answer, by])
	)
	var task: AgentVMTask = await _asking(agents, "asking")
	await until(func() -> bool: return task.get_agent().state == "waiting", "the raised hand")
	var question: Dictionary = task.question
	expect_equal(question.get("kind"), "choice", "kind")
	expect_equal((question["options"] as Array).size(), 2, "options")
	expect_equal(task.get_agent().get_question_task().id, task.id, "the task that asks")
	expect_equal(told, ["%s %s asks Red or blue?" % [task.id, task.agent_id]] as Array[String], "told")
	expect(await agents.answer_question(task.id, "blue"), "answer_question: %s" % agents.last_error)
	expect_equal(told.size(), 1, "the answer's event comes after the call")
	expect(await task.finished(), "it is completed")
	expect_equal(told[1], "%s %s blue by player" % [task.id, question["question_id"]], "told of the answer")
	expect_equal(task.output, "blue by player\n", "output")
	expect_equal(task.question, {}, "the question is closed")


## A question that asks for words takes any.
func test_words() -> void:
	var agents: AgentVMManager = await _connected()
	var task: AgentVMTask = await _asking(agents, "wording")
	expect(await task.answer("Zoë's \"jump\""), "answer: %s" % agents.last_error)
	expect(await task.finished(), "it is completed")
	expect_equal(task.output, "Zoë's \"jump\" by player\n", "output")


## A question is answered once: the first answer counts, and who answers again is told which it was.
func test_answered_twice() -> void:
	var agents: AgentVMManager = await _connected()
	var task: AgentVMTask = await _asking(agents, "asking")
	var question_id: String = task.question["question_id"]
	expect(await task.answer("red"), "the first answer: %s" % agents.last_error)
	expect_equal(await agents.answer_question(task.id, "blue", question_id), false, "the second one")
	expect_equal(agents.last_error.code, "no_such_question", "code")
	expect_equal(agents.last_error.operation, "answer_question", "operation")
	expect_contains(agents.last_error.message, "the first answer counts: 'red'", "what the server says")
	expect(await task.finished(), "it is completed")
	expect_equal(await task.answer("blue"), false, "without the question's id")
	expect_equal(agents.last_error.code, "no_such_question", "code then")
	expect_contains(agents.last_error.message, "the first answer counts: 'red'", "what is known here")
	expect_equal(task.output, "red by player\n", "output")


## A question that nobody answers closes by itself, and the work goes on without.
func test_nobody_answers() -> void:
	var agents: AgentVMManager = await _connected({"speed": 100})
	var ways: Array[String] = []
	agents.question_answered.connect(
		func(_task_id: String, _id: String, answer: String, by: String) -> void: ways.append("%s by %s" % [answer, by])
	)
	var task: AgentVMTask = await _asking(agents, "asking")
	var question_id: String = task.question["question_id"]
	expect(await task.finished(), "it is completed")
	expect_equal(ways, [" by time"] as Array[String], "who closed it")
	expect_equal(task.output, "nothing by time\n", "output")
	expect_equal(await agents.answer_question(task.id, "red", question_id), false, "an answer too late")
	expect_contains(agents.last_error.message, "in time", "the message says why")


## What is no answer is refused, and the question stays open.
func test_no_answer_to_it() -> void:
	var agents: AgentVMManager = await _connected()
	var task: AgentVMTask = await _asking(agents, "asking")
	var other: AgentVMTask = await _asking(agents, "asking")
	for wrong: String in ["green", "red and blue", ""]:
		expect_equal(await task.answer(wrong), false, "answered %s" % wrong)
		expect_equal(agents.last_error.code, "invalid_request", "code for %s" % wrong)
	expect_equal(await agents.answer_question(task.id, "red", str(other.question["question_id"])), false, "another task's")
	expect_equal(agents.last_error.code, "no_such_question", "code")
	expect_equal(await agents.answer_question("task_none", "red"), false, "no task")
	expect_equal(agents.last_error.code, "task_not_found", "code")
	expect(await task.answer("red"), "a good answer: %s" % agents.last_error)


## A question that came before the manager knew of its task is answered all the same.
func test_question_of_before() -> void:
	var url: String = await desk()
	var first: AgentVMManager = manager()
	first.keep = true
	await first.connect_to_api(url, KEY)
	var task: AgentVMTask = await _asking(first, "asking")
	var second: AgentVMManager = manager()
	second.game_id = first.game_id
	await second.connect_to_api(url, KEY)
	expect_equal(second.get_known_task(task.id), {}, "what is known of it")
	expect(await second.answer_question(task.id, "red"), "answer_question: %s" % second.last_error)
	expect(await second.as_task(task.id).finished(), "it is completed")


## What a task has changed can be read, and is accepted once.
func test_accepts_work() -> void:
	var agents: AgentVMManager = await _connected()
	var reviews: Array[String] = []
	agents.work_reviewed.connect(
		func(task_id: String, changes: Dictionary) -> void: reviews.append("%s %s" % [task_id, changes["review"]])
	)
	var task: AgentVMTask = await _given(agents, "changing")
	expect(await task.finished(), "it is completed")
	expect(task.is_to_review(), "its changes wait")
	expect_equal(task.get_agent().get_tasks_to_review().size(), 1, "so the agent has some")
	expect_equal(task.changes["files"], [{"path": "player.ts", "status": "modified", "insertions": 1, "deletions": 1}], "files")
	expect_equal(await task.get_diff(), DIFF, "diff")
	expect(await task.accept("Good"), "accept: %s" % agents.last_error)
	expect_equal(reviews.size(), 0, "the event comes after the call")
	expect_equal(task.changes.get("review"), "accepted", "review")
	expect_equal(await task.discard(), false, "another verdict")
	expect_equal(agents.last_error.code, "already_reviewed", "code")
	await until(func() -> bool: return reviews.size() == 1, "the event")
	expect_equal(reviews, ["%s accepted" % task.id] as Array[String], "told")
	expect_equal(task.get_agent().get_tasks_to_review().size(), 0, "none waits any more")


## What does not fit any more is refused, with its files, and can be discarded.
func test_conflict() -> void:
	var agents: AgentVMManager = await _connected()
	var task: AgentVMTask = await _given(agents, "changing", "Something in conflict")
	await task.finished()
	expect_equal(await task.accept(), false, "accept")
	expect_equal(agents.last_error.code, "merge_conflict", "code")
	expect_equal(agents.last_error.http_status, 409, "status")
	expect_contains(str(agents.last_error.detail), "player.ts", "the files")
	expect(task.is_to_review(), "nothing has changed")
	expect(await task.discard("It does not fit"), "discard: %s" % agents.last_error)
	expect_equal(task.changes.get("review"), "discarded", "review")


## A task that has changed nothing has no diff, and nothing to accept.
func test_no_changes() -> void:
	var agents: AgentVMManager = await _connected()
	var task: AgentVMTask = await _asking(agents, "asking")
	expect_equal(await task.get_diff(), "", "diff")
	expect_equal(agents.last_error.code, "no_changes", "code")
	expect_equal(await task.accept(), false, "accept")
	expect_equal(agents.last_error.code, "no_changes", "code")
	expect_equal(await agents.get_diff("../health"), "", "an id that is none")
	expect_equal(agents.last_error.code, "invalid_request", "code")


## Whoever waits for a task's end goes on when it is over, or was over before, or its end cannot be known.
func test_waits_for_the_end() -> void:
	var agents: AgentVMManager = await _connected()
	var task: AgentVMTask = await _asking(agents, "asking_leave")
	var ends: Array[String] = []
	for turn: int in 3:
		_append_end(task, ends)
	expect_equal(ends.size(), 0, "while it asks")
	await task.answer("deny")
	await until(func() -> bool: return ends.size() == 3, "the end, for everybody")
	expect_equal(ends, ["false", "false", "false"] as Array[String], "it was not completed")
	expect_equal(task.status, "failed", "status")
	expect_equal(task.error, "It may not be written.", "error")
	expect_equal(await task.finished(), false, "again")
	expect_equal(await agents.as_task("task_none").finished(), false, "a task that is none")
	expect_equal(agents.last_error.code, "task_not_found", "code")


func _append_end(task: AgentVMTask, ends: Array[String]) -> void:
	ends.append(str(await task.finished()))


## A manager that is freed, or leaves, ends the wait, and what is asked of its tasks then is empty.
func test_freed_while_waiting() -> void:
	for leaves: bool in [true, false]:
		var agents: AgentVMManager = await _connected()
		var task: AgentVMTask = await _asking(agents, "asking")
		var ends: Array[String] = []
		_append_end(task, ends)
		if leaves:
			await agents.disconnect_from_api()
		else:
			agents.free()
		await until(func() -> bool: return ends.size() == 1, "the end of the wait", 5.0)
		expect_equal(ends, ["false"] as Array[String], "what it came to")
		expect_equal(task.status, "", "status")
		expect_equal(await task.answer("red"), false, "an answer")
		expect_equal(await task.finished(), false, "another wait")


## A task goes on with another one's conversation, by the agent that had it.
func test_goes_on() -> void:
	var agents: AgentVMManager = await _connected()
	var task: AgentVMTask = await _given(agents, "changing")
	await task.finished()
	var next: AgentVMTask = await task.go_on("And the double jump?", "changing")
	expect(next != null and await next.finished(), "it is completed: %s" % agents.last_error)
	expect_equal(next.continues, task.id, "continues")
	expect_equal(next.agent_id, task.agent_id, "by the same agent")
	expect_equal(await agents.assign_task("", "And then?", "general", {"continues": "task_none"}), "", "a task that is none")
	expect_equal(agents.last_error.code, "task_not_found", "code")


## What a task writes is told line by line while it is watched, from the first one on, and no more afterwards.
func test_output() -> void:
	var agents: AgentVMManager = await _connected({"speed": 20})
	var lines: Array[String] = []
	agents.task_output.connect(
		func(_task_id: String, text: String, stream: String) -> void: lines.append("%s %s" % [stream, text.strip_edges()])
	)
	var unseen: AgentVMTask = await _given(agents, "telling")
	var task: AgentVMTask = await _given(agents, "telling")
	expect(agents.watch_output(task.id), "watch_output: %s" % agents.last_error)
	expect(agents.watch_output(task.id), "again")
	await until(func() -> bool: return lines.size() == 2, "both lines")
	await unseen.finished()
	expect_equal(lines, ["stdout one", "stderr two"] as Array[String], "lines")
	expect_equal(agents.watch_output("not an id"), false, "no id")
	expect_equal(agents.last_error.code, "invalid_request", "code")
	expect(agents.watch_output("task_none"), "one that the server does not know is found out later")
	await until(func() -> bool: return agents.last_error != null and agents.last_error.code == "task_not_found", "the refusal")


## No more tasks are watched than a server can bear.
func test_output_is_bounded() -> void:
	var agents: AgentVMManager = await _connected({"speed": 1})
	var watched: int = 0
	for index: int in 40:
		watched += 1 if agents.watch_output("task_%d" % index) else 0
	expect_equal(watched, 32, "watched")
	expect_equal(agents.last_error.code, "too_many_calls", "code")
	agents.unwatch_output("task_0")
	expect(agents.watch_output("task_50"), "there is room again")


## A helper comes with the name of whom it helps, and leaves when the task is over.
func test_helpers() -> void:
	var agents: AgentVMManager = await _connected()
	var task: AgentVMTask = await _given(agents, "helped")
	var ada: AgentVMAgent = task.get_agent()
	await until(func() -> bool: return ada.get_helpers().size() == 1, "the helper")
	var helper: AgentVMAgent = ada.get_helpers()[0]
	expect_equal(helper.parent_agent_id, ada.id, "whom it helps")
	expect_equal(helper.name, "Explorer", "name")
	expect_equal(ada.parent_agent_id, "", "who helps nobody")
	expect(await task.cancel(), "cancel: %s" % agents.last_error)
	await until(func() -> bool: return ada.get_helpers().is_empty(), "its leave")
	expect_equal(helper.is_known(), false, "it is gone")


## An agent that waits for an answer is not free, and its NPC says what it asks until there is one.
func test_raised_hand() -> void:
	var agents: AgentVMManager = await _connected()
	var npc: AgentNPC2D = AgentNPC2D.new()
	npc.manager = agents
	add_child(npc)
	var task: AgentVMTask = await _given(agents, "asking")
	npc.agent_id = task.agent_id
	await until(func() -> bool: return npc.state == "waiting", "the raised hand")
	expect_equal((agents.get("_link") as RefCounted).get("mirror").call("idle_count"), 0, "idle agents")
	var model: Object = npc.get("_model")
	await until(func() -> bool: return model.get("speech") == "Red or blue?", "what it says")
	await task.answer("red")
	await task.finished()
	await until(func() -> bool: return npc.state == "idle", "its rest")
	expect_equal(model.get("speech"), "", "what it says then")
