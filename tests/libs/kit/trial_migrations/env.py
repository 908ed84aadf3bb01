from sqlalchemy import MetaData

from kit.migrations import run

run(MetaData())
