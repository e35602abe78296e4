// What every page can do. Pages load their own modules beside it.
import "#/theme.js";
import "#/menus.js";
import "#/dialogs.js";
import "#/commands.js";
import "#/notices.js";
import "#/forms.js";
import "#/drafts.js";
import "#/copy.js";
import "#/zones.js";
import "#/tables.js";
import "#/charts.js";
import "#/print.js";

document.documentElement.dataset.ready = "yes";
