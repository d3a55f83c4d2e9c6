@tool
extends RichTextLabel
## A unified diff: each line with its sign, what came on green and what went on red.

const Look = preload("dialog_look.gd")

## Lines that are shown at the most, and characters of each.
const LINES_MAX: int = 1_500
const LINE_MAX: int = 300
const CAME: Color = Color(0.30, 0.62, 0.36, 0.28)
const WENT: Color = Color(0.80, 0.32, 0.26, 0.28)


func _init() -> void:
	fit_content = true
	scroll_active = false
	autowrap_mode = TextServer.AUTOWRAP_ARBITRARY
	# A finger that draws over it moves what it stands in.
	mouse_filter = Control.MOUSE_FILTER_PASS
	add_theme_font_size_override(&"normal_font_size", 14)
	# Else the colours of two lines would lie over each other.
	add_theme_constant_override(&"text_highlight_v_padding", 0)


## Shows a diff; an empty text shows nothing.
func show_diff(diff: String) -> void:
	clear()
	visible = not diff.is_empty()
	var lines: PackedStringArray = diff.trim_suffix("\n").split("\n") if visible else PackedStringArray()
	for index: int in mini(lines.size(), LINES_MAX):
		if index > 0:
			newline()
		_add_line(lines[index])
	if lines.size() > LINES_MAX:
		newline()
		_add_colored("… and %d lines more" % (lines.size() - LINES_MAX), Look.QUIET)


func _add_line(line: String) -> void:
	var shown: String = line.replace("\t", "    ").strip_escapes()
	if shown.length() > LINE_MAX:
		shown = shown.left(LINE_MAX) + "…"
	if line.begins_with("+++") or line.begins_with("---") or line.begins_with("diff ") or line.begins_with("@@"):
		_add_colored(shown, Look.QUIET)
	elif line.begins_with("+"):
		_add_on(shown, CAME)
	elif line.begins_with("-"):
		_add_on(shown, WENT)
	else:
		add_text(shown)


func _add_colored(text_of_it: String, color: Color) -> void:
	push_color(color)
	add_text(text_of_it)
	pop()


func _add_on(text_of_it: String, color: Color) -> void:
	push_bgcolor(color)
	add_text(text_of_it)
	pop()
