"""`python -m trainboard.report_run`."""

import sys

from trainboard.report_run.command import main

sys.exit(main())
