"""Official papers as plain data, made to PDF and DOCX in the State layout (domain paper 8), in both languages."""

from accordant.pages.papers.docx import docx as docx
from accordant.pages.papers.paper import Block as Block
from accordant.pages.papers.paper import Column as Column
from accordant.pages.papers.paper import Heading as Heading
from accordant.pages.papers.paper import Paper as Paper
from accordant.pages.papers.paper import Paragraph as Paragraph
from accordant.pages.papers.paper import Signatory as Signatory
from accordant.pages.papers.paper import Table as Table
from accordant.pages.papers.pdf import pdf as pdf
