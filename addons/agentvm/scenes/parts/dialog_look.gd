@tool
extends RefCounted
## Colours and shapes of [AgentTaskDialog] where the game gives it no theme of its own.

const PANEL: Color = Color("1d232a")
const CARD: Color = Color(0.0, 0.0, 0.0, 0.26)
const TEXT: Color = Color("e8ecef")
const QUIET: Color = Color("aeb8c1")
const ACCENT: Color = Color("6fb1c9")
const INK: Color = Color("14202a")
const GOOD: Color = Color("86d38a")
const BAD: Color = Color("f5a08a")
const ASK: Color = Color("ffb84d")
const VEIL: Color = Color(0.04, 0.05, 0.07, 0.5)

## A finger needs this much.
const TOUCH: float = 46.0
const PADDING: float = 18.0


## The theme of the dialog.
static func theme() -> Theme:
	var made: Theme = Theme.new()
	made.default_font_size = 16
	made.set_color(&"font_color", &"Label", TEXT)
	made.set_color(&"default_color", &"RichTextLabel", TEXT)
	made.set_stylebox(&"panel", &"PanelContainer", box(PANEL, 14, PADDING))
	made.set_type_variation(&"Card", &"PanelContainer")
	made.set_stylebox(&"panel", &"Card", box(CARD, 8, 10))
	_paint_buttons(made)
	made.set_stylebox(&"normal", &"LineEdit", box(Color(0, 0, 0, 0.34), 9, 11))
	made.set_stylebox(&"focus", &"LineEdit", frame(ACCENT))
	made.set_color(&"font_color", &"LineEdit", TEXT)
	made.set_color(&"font_placeholder_color", &"LineEdit", Color(QUIET, 0.8))
	made.set_constant(&"separation", &"VBoxContainer", 10)
	made.set_constant(&"separation", &"HBoxContainer", 10)
	return made


## A filled rectangle with round corners.
static func box(color: Color, radius: int, padding: float) -> StyleBoxFlat:
	var style: StyleBoxFlat = StyleBoxFlat.new()
	style.bg_color = color
	style.set_corner_radius_all(radius)
	style.set_content_margin_all(padding)
	style.corner_detail = 5
	return style


## A frame around what has the focus.
static func frame(color: Color) -> StyleBoxFlat:
	var style: StyleBoxFlat = box(Color.TRANSPARENT, 9, 11)
	style.set_border_width_all(3)
	style.border_color = color
	return style


## A text that breaks where there is no room.
static func label(size: int = 16, color: Color = TEXT) -> Label:
	var made: Label = Label.new()
	made.add_theme_font_size_override(&"font_size", size)
	made.add_theme_color_override(&"font_color", color)
	made.autowrap_mode = TextServer.AUTOWRAP_WORD_SMART
	made.size_flags_horizontal = Control.SIZE_EXPAND_FILL
	return made


## A button that a finger can press.
static func button(text: String, pressed: Callable, variation: StringName = &"") -> Button:
	var made: Button = Button.new()
	made.text = text
	made.custom_minimum_size = Vector2(TOUCH * 1.6, TOUCH)
	made.theme_type_variation = variation
	made.pressed.connect(pressed)
	return made


static func _paint_buttons(made: Theme) -> void:
	made.set_stylebox(&"normal", &"Button", box(Color(1, 1, 1, 0.1), 9, 11))
	made.set_stylebox(&"hover", &"Button", box(Color(1, 1, 1, 0.18), 9, 11))
	made.set_stylebox(&"pressed", &"Button", box(Color(1, 1, 1, 0.05), 9, 11))
	made.set_stylebox(&"disabled", &"Button", box(Color(1, 1, 1, 0.04), 9, 11))
	made.set_stylebox(&"focus", &"Button", frame(Color.WHITE))
	made.set_color(&"font_color", &"Button", TEXT)
	made.set_color(&"font_disabled_color", &"Button", Color(QUIET, 0.6))
	made.set_type_variation(&"MainButton", &"Button")
	made.set_stylebox(&"normal", &"MainButton", box(ACCENT, 9, 11))
	made.set_stylebox(&"hover", &"MainButton", box(ACCENT.lightened(0.15), 9, 11))
	made.set_stylebox(&"pressed", &"MainButton", box(ACCENT.darkened(0.15), 9, 11))
	made.set_stylebox(&"disabled", &"MainButton", box(Color(ACCENT, 0.3), 9, 11))
	for part: StringName in [&"font_color", &"font_hover_color", &"font_pressed_color", &"font_focus_color"]:
		made.set_color(part, &"MainButton", INK)
