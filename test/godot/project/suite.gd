extends Node
## A set of tests: each function whose name begins with test_ is one. Its comment says what a user sees.

const TestControl = preload("control.gd")

## What went wrong in the test that runs.
var faults: PackedStringArray = []


## Says what must be true.
func expect(truth: bool, what: String) -> void:
	if not truth:
		faults.append(what)


## Says what must be the same.
func expect_equal(actual: Variant, expected: Variant, what: String) -> void:
	if typeof(actual) != typeof(expected) or actual != expected:
		faults.append("%s: expected %s, got %s" % [what, var_to_str(expected), var_to_str(actual)])


## Says what a text must contain.
func expect_contains(actual: String, part: String, what: String) -> void:
	if not actual.contains(part):
		faults.append("%s: expected …%s… in %s" % [what, part, actual])


## A manager in the tree, gone when the test is over.
func manager() -> AgentVMManager:
	var made: AgentVMManager = AgentVMManager.new()
	add_child(made)
	return made


## Waits until something is true, or fails after [param seconds].
func until(truth: Callable, what: String, seconds: float = 20.0) -> bool:
	var end: int = Time.get_ticks_msec() + int(seconds * 1000.0)
	while Time.get_ticks_msec() < end:
		if truth.call():
			return true
		await get_tree().process_frame
	faults.append("%s did not happen within %s seconds" % [what, seconds])
	return false


## Asks the program that runs these tests for something: to start a server, or to kill one.
func ask(command: String, fields: Dictionary = {}) -> Dictionary:
	var answer: Variant = await TestControl.ask(self, command, fields)
	if answer is Dictionary:
		return answer
	faults.append("the test program could not do %s: %s" % [command, answer])
	return {}


## The URL of a real server: one of its own for a test that gives it options, else one that tests share.
func serve(options: Dictionary = {}) -> String:
	return str((await ask("serve", options)).get("url", ""))


## The URL of a real server of one's own whose work asks and changes what its tasks say.
func desk(options: Dictionary = {}) -> String:
	return str((await ask("desk", options)).get("url", ""))


## The URL under which the test program speaks the event stream as a script says.
func scripted(script: String) -> String:
	return "%s/scripted/%s" % [TestControl.url(), script]


## The URL under which the test program misbehaves in the way that is named.
func broken(way: String) -> String:
	return "%s/broken/%s" % [TestControl.url(), way]
